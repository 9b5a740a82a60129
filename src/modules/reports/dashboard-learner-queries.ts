import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { AttemptStatus, EnrollmentStatus, LessonType } from '../../platform/database/schema.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'
import type { CertificateRow } from '../certificates/index.ts'
import { pendingHours } from '../enrollments/index.ts'
import { listed, one } from './dashboard-course-queries.ts'

/** What JSON makes of a row: its moments are texts. */
type Told<Row> = {
  [Key in keyof Row]: Row[Key] extends Date ? string : Row[Key] extends Date | null ? string | null : Row[Key]
}

interface TitledCourse {
  readonly id: string
  readonly slug: string
  readonly title: string
}

export interface LearnerCourseRow {
  readonly enrollment_id: string
  readonly status: Extract<EnrollmentStatus, 'active' | 'completed'>
  readonly course: TitledCourse
  readonly completed_lessons: number
  readonly total_lessons: number
  readonly exam_missing: boolean
  readonly activated_at: Date
  readonly completed_at: Date | null
  readonly last_activity_at: Date | null
  readonly next: {
    readonly id: string
    readonly title: string
    readonly type: LessonType
    /** Where no lesson is open: when this one opens by its days. */
    readonly opens_at: string | null
  } | null
}

export interface ResultRow {
  readonly attempt_id: string
  readonly quiz_id: string
  readonly title: string
  readonly lesson_id: string | null
  readonly course: TitledCourse
  readonly status: Exclude<AttemptStatus, 'open'>
  readonly score_percent: number
  readonly passed: boolean
  readonly submitted_at: Date
}

export interface DueRow {
  readonly kind: 'attempt' | 'payment'
  /** Of the attempt, or of the enrollment that waits for its payment. */
  readonly id: string
  /** Of an attempt. */
  readonly quiz_id: string | null
  readonly title: string | null
  readonly course: TitledCourse
  readonly due_at: Date | null
}

export interface LearnerRow {
  readonly person: PersonCard
  readonly timezone: string | null
  readonly pending: number
  readonly active: number
  readonly completed: number
  readonly cancelled: number
  readonly certificates_in_all: number
  readonly last_activity_at: Date | null
  readonly courses: readonly Told<LearnerCourseRow>[]
  readonly results: readonly Told<ResultRow>[]
  readonly due: readonly Told<DueRow>[]
  readonly certificates: readonly Told<CertificateRow>[]
}

/** How many of each kind are listed; the counts are of all. */
export const most = { courses: 50, results: 10, certificates: 10, due: 20 }

const enrolled = sql`('active', 'completed')`
const titled = sql`json_build_object('id', courses.id, 'slug', courses.slug, 'title', courses.title)`

const standing = sql`
  select count(*) filter (where status = 'pending')::int as pending, count(*) filter (where status = 'active')::int as active,
    count(*) filter (where status = 'completed')::int as completed,
    count(*) filter (where status = 'cancelled')::int as cancelled,
    max(greatest(last_activity_at, (select max(last_at) from quiz_results where enrollment_id = enrollments.id)))
      filter (where status in ${enrolled}) as last_activity_at
  from enrollments left join enrollment_facts on enrollment_id = enrollments.id
  where enrollments.user_id = asked.id`

/**
 * The first lesson that is open, by the rules of `learning` (`standingsOf`): in a sequential course only the first that is not completed
 * can be. Where none is open, the one that opens first by its days.
 */
const nextLesson = (at: Date) => sql`
  select id, title, type, case when opens_at > ${at}::timestamptz then opens_at end as opens_at
  from (
    select lessons.id, lessons.title, lessons.type, sections.position as section, lessons.position,
      own.activated_at + make_interval(hours => 24 * available_after_days) as opens_at
    from sections join lessons on lessons.section_id = sections.id
    where sections.course_id = own.course_id and not exists (
      select from lesson_progress done
      where done.enrollment_id = own.id and done.lesson_id = lessons.id and done.completed_at is not null)
  ) todo
  order by case when not courses.sequential and opens_at > ${at}::timestamptz then opens_at end nulls first, section, position
  limit 1`

const courses = (at: Date) => sql`
  select own.id as enrollment_id, own.status, ${titled} as course, own.completed_lessons, lessons as total_lessons,
    exists (select from course_exams where course_exams.course_id = own.course_id)
      and not exists (select from exam_passes where enrollment_id = own.id) as exam_missing,
    own.activated_at, own.completed_at, own.last_activity_at, to_json(next) as next
  from (
    select enrollments.id, enrollments.course_id, status, activated_at, completed_at, last_activity_at,
      coalesce(completed_lessons, 0) as completed_lessons
    from enrollments left join enrollment_facts on enrollment_id = enrollments.id
    where enrollments.user_id = asked.id and status in ${enrolled}
    order by status, coalesce(last_activity_at, activated_at) desc, enrollments.id desc
    limit ${sql.lit(most.courses)}
  ) own
  join courses on courses.id = own.course_id
  join course_stats on course_stats.course_id = own.course_id
  left join lateral (${nextLesson(at)}) next on own.completed_lessons < lessons
  order by own.status, coalesce(own.last_activity_at, own.activated_at) desc, own.id desc`

const results = sql`
  select attempts.id as attempt_id, quiz_id, quizzes.title, quizzes.lesson_id, ${titled} as course, attempts.status, score_percent,
    passed, submitted_at
  from attempts join quizzes on quizzes.id = quiz_id join courses on courses.id = quizzes.course_id
  where attempts.user_id = asked.id and submitted_at is not null
  order by submitted_at desc, attempts.id desc limit ${sql.lit(most.results)}`

const due = (at: Date) => sql`
  select * from (
    select 'attempt' as kind, attempts.id, quiz_id, quizzes.title, ${titled} as course, deadline as due_at
    from attempts join quizzes on quizzes.id = quiz_id join courses on courses.id = quizzes.course_id
    where attempts.user_id = asked.id and attempts.status = 'open' and (deadline is null or deadline > ${at}::timestamptz)
    union all
    select 'payment', enrollments.id, null, null, ${titled},
      coalesce(pending_since, enrollments.created_at) + make_interval(hours => ${sql.lit(pendingHours)})
    from enrollments join courses on courses.id = course_id
    where enrollments.user_id = asked.id and enrollments.status = 'pending'
  ) waiting order by due_at nulls last, id limit ${sql.lit(most.due)}`

const certificates = sql`
  select * from certificates where user_id = asked.id order by id desc limit ${sql.lit(most.certificates)}`

const learner = (at: Date) => sql`
  ${personCard('asked.id')} as person, (select timezone from users where id = asked.id) as timezone, standing.*,
  (select count(*)::int from certificates where user_id = asked.id) as certificates_in_all,
  ${listed(courses(at))} as courses, ${listed(results)} as results, ${listed(due(at))} as due,
  ${listed(certificates)} as certificates`

/** What somebody has come to as a student, in one statement however much it is. */
export async function findLearner(db: Db, userId: string, at: Date): Promise<LearnerRow> {
  const { rows } = await sql<LearnerRow>`
    select ${learner(at)}
    from (select ${userId}::uuid as id) asked cross join lateral (${standing}) standing`.execute(db)
  return one(rows)
}

/** The same of each child of a parent, in the order in which they became theirs. `link_id` is what a page goes on after. */
export async function findChildren(
  db: Db,
  parentId: string,
  page: { after: string | null; limit: number },
  at: Date,
): Promise<(LearnerRow & { link_id: string })[]> {
  // Not by a list of ids: of how many the server would have to know each time, and would plan for them each time.
  const { rows } = await sql<LearnerRow & { link_id: string }>`
    select asked.link_id, ${learner(at)}
    from (
      select child_id as id, id as link_id from guardian_links
      where parent_id = ${parentId}::uuid and (${page.after}::uuid is null or id > ${page.after}::uuid)
      order by id limit ${page.limit}
    ) asked cross join lateral (${standing}) standing
    order by asked.link_id`.execute(db)
  return rows
}

/** By whose days somebody lives; null: not told. */
export async function findTimezone(db: Db, userId: string): Promise<string | null> {
  const row = await db.selectFrom('users').select('timezone').where('id', '=', userId).executeTakeFirst()
  return row?.timezone ?? null
}
