import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { prepare } from '../../platform/database/prepared.ts'
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
  readonly pending: number
  readonly active: number
  readonly completed: number
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

/** All of somebody's enrollments, with how far each has come: read once, for all that is told of them. */
const enrollments = sql`
  select enrollments.id, enrollments.course_id, status, activated_at, completed_at,
    coalesce(pending_since, enrollments.created_at) as waits_since, last_activity_at, coalesce(completed_lessons, 0) as completed_lessons
  from enrollments left join enrollment_facts on enrollment_id = enrollments.id
  where enrollments.user_id = asked.id`

/** When something was last learned in a course, or an attempt handed in, of those that somebody is in. */
const lastActivity = sql`
  greatest(max(last_activity_at) filter (where status in ${enrolled}), (
    select submitted_at from attempts
    where attempts.user_id = asked.id and submitted_at is not null
      and enrollment_id = any (array(select id from own where status in ${enrolled}))
    order by submitted_at desc limit 1))`

/**
 * The first lesson that is open, by the rules of `learning` (`standingsOf`): in a sequential course only the first that is not completed
 * can be. Where none is open, the one that opens first by its days. Lessons are looked at in their order, and no further than to the first.
 */
function nextLesson(at: RawBuilder<Date>): RawBuilder<unknown> {
  const opensAt = sql`own.activated_at + make_interval(hours => 24 * lessons.available_after_days)`
  const lesson = sql`lessons.id, lessons.title, lessons.type, ${opensAt} as opens_at`
  const todo = sql`lessons.section_id = sections.id and lessons.id <> all (done.ids)`
  return sql`
    select id, title, type, case when opens_at > ${at}::timestamptz then opens_at end as opens_at
    from (
      (select first.* from sections cross join lateral (
        select ${lesson} from lessons
        where ${todo} and (courses.sequential or available_after_days is null or ${opensAt} <= ${at}::timestamptz)
        order by position limit 1) first
      where sections.course_id = own.course_id order by sections.position limit 1)
      union all
      (select ${lesson} from sections join lessons on ${todo}
      where sections.course_id = own.course_id and not courses.sequential
      order by opens_at, sections.position, lessons.position limit 1)
    ) one limit 1`
}

const courses = (at: RawBuilder<Date>) => sql`
  select own.id as enrollment_id, own.status, ${titled} as course, own.completed_lessons, lessons as total_lessons,
    exists (select from course_exams where course_exams.course_id = own.course_id)
      and not exists (select from exam_passes where enrollment_id = own.id) as exam_missing,
    own.activated_at, own.completed_at, own.last_activity_at, to_json(next) as next
  from (
    select * from own where status in ${enrolled}
    order by status, coalesce(last_activity_at, activated_at) desc, id desc
    limit ${sql.lit(most.courses)}
  ) own
  join courses on courses.id = own.course_id
  join course_stats on course_stats.course_id = own.course_id
  left join lateral (
    select array(
      select lesson_id from lesson_progress
      where enrollment_id = own.id and lesson_progress.completed_at is not null) as ids
  ) done on own.completed_lessons < lessons
  left join lateral (${nextLesson(at)}) next on own.completed_lessons < lessons
  order by own.status, coalesce(own.last_activity_at, own.activated_at) desc, own.id desc`

const results = sql`
  select attempts.id as attempt_id, quiz_id, quizzes.title, quizzes.lesson_id, ${titled} as course, attempts.status, score_percent,
    passed, submitted_at
  from attempts join quizzes on quizzes.id = quiz_id join courses on courses.id = quizzes.course_id
  where attempts.user_id = asked.id and submitted_at is not null
  order by submitted_at desc, attempts.id desc limit ${sql.lit(most.results)}`

const due = (at: RawBuilder<Date>) => sql`
  select * from (
    select 'attempt' as kind, attempts.id, quiz_id, quizzes.title, ${titled} as course, deadline as due_at
    from attempts join quizzes on quizzes.id = quiz_id join courses on courses.id = quizzes.course_id
    where attempts.user_id = asked.id and attempts.status = 'open' and (deadline is null or deadline > ${at}::timestamptz)
    union all
    select 'payment', own.id, null, null, ${titled}, waits_since + make_interval(hours => ${sql.lit(pendingHours)})
    from own join courses on courses.id = course_id where own.status = 'pending'
  ) waiting order by due_at nulls last, id limit ${sql.lit(most.due)}`

const certificates = sql`
  select * from certificates where user_id = asked.id order by id desc limit ${sql.lit(most.certificates)}`

/** What the person `asked` has come to, one row. */
const learner = (at: RawBuilder<Date>) => sql`
  with own as materialized (${enrollments})
  select count(*) filter (where status = 'pending')::int as pending, count(*) filter (where status = 'active')::int as active,
    count(*) filter (where status = 'completed')::int as completed, ${lastActivity} as last_activity_at,
    (select count(*)::int from certificates where user_id = asked.id) as certificates_in_all,
    ${listed(courses(at))} as courses, ${listed(results)} as results, ${listed(due(at))} as due,
    ${listed(certificates)} as certificates
  from own`

const selectLearner = prepare<{ userId: string; at: Date }, LearnerRow & { timezone: string | null }>(
  ({ userId, at }) => sql`
    select learner.*, (select timezone from users where id = asked.id) as timezone
    from (select ${userId}::uuid as id) asked cross join lateral (${learner(at)}) learner`,
)

/** What somebody has come to as a student, and by whose days they live, in one statement however much it is. */
export async function findLearner(
  db: Db,
  userId: string,
  at: Date,
): Promise<LearnerRow & { timezone: string | null }> {
  return one(await selectLearner(db, { userId, at }))
}

export type ChildRow = LearnerRow & { link_id: string; person: PersonCard }

// Not by a list of ids: of how many the server would have to know each time, and would plan for them each time.
const selectChildren = prepare<{ parentId: string; after: string | null; limit: number; at: Date }, ChildRow>(
  ({ parentId, after, limit, at }) => sql`
    select asked.link_id, ${personCard('asked.id')} as person, learner.*
    from (
      select child_id as id, id as link_id from guardian_links
      where parent_id = ${parentId}::uuid and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}
    ) asked cross join lateral (${learner(at)}) learner
    order by asked.link_id`,
)

/** The same of each child of a parent, in the order in which they became theirs. `link_id` is what a page goes on after. */
export function findChildren(
  db: Db,
  parentId: string,
  page: { after: string | null; limit: number },
  at: Date,
): Promise<ChildRow[]> {
  return selectChildren(db, { parentId, ...page, at })
}

/** By whose days somebody lives; null: not told. */
export async function findTimezone(db: Db, userId: string): Promise<string | null> {
  const row = await db.selectFrom('users').select('timezone').where('id', '=', userId).executeTakeFirst()
  return row?.timezone ?? null
}
