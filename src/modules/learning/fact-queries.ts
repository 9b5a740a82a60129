import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { prepareRead } from '../../platform/database/prepared.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { completions, type EnrollmentRow, liveEnrollments, placements } from '../enrollments/index.ts'

/** Counts a completed course; lessons and exams are counted by the triggers of their tables (`0020_learning_facts.sql`). */
export async function insertCompletion(
  tx: Tx,
  { enrollmentId, at }: { enrollmentId: string; at: Date },
): Promise<void> {
  await sql`select count_learning(${enrollmentId}::uuid, ${at}::timestamptz, 0, 0, 1) ${answerNotRead}`.execute(
    tx,
  )
}

export interface FactsRow {
  readonly enrollment_id: string
  readonly completed_lessons: number
  readonly last_activity_at: Date | null
  readonly exam_missing: boolean
}

/** How far each of these enrollments has come. */
export async function findFacts(
  db: Db,
  enrollments: readonly { readonly id: string; readonly course_id: string }[],
): Promise<ReadonlyMap<string, FactsRow>> {
  const ids = enrollments.map(({ id }) => id)
  const courseIds = enrollments.map(({ course_id }) => course_id)
  const { rows } = await sql<FactsRow>`
    select enrollment.id as enrollment_id, coalesce(completed_lessons, 0) as completed_lessons, last_activity_at,
      exists (select from course_exams where course_exams.course_id = enrollment.course_id)
        and not exists (select from exam_passes where enrollment_id = enrollment.id) as exam_missing
    from unnest(${ids}::uuid[], ${courseIds}::uuid[]) enrollment (id, course_id)
    left join enrollment_facts on enrollment_id = enrollment.id`.execute(db)
  return new Map(rows.map((row) => [row.enrollment_id, row]))
}

interface OwnFactsRow extends EnrollmentRow {
  readonly completed_lessons: number
  readonly exam_missing: boolean
}

const selectOwnFacts = prepareRead<{ userId: string; courseId: string }, OwnFactsRow>(
  ({ userId, courseId }) => sql`
    select live.*, coalesce(facts.completed_lessons, 0) as completed_lessons,
      exists (select from course_exams where course_exams.course_id = live.course_id)
        and not exists (select from exam_passes where exam_passes.enrollment_id = live.id) as exam_missing
    from ${liveEnrollments} live
    left join enrollment_facts facts on facts.enrollment_id = live.id
    where live.user_id = ${userId} and live.course_id = ${courseId}`,
)

/** The live enrollment of a person in a course, and how far it has come. */
export async function findOwnFacts(db: Db, which: { userId: string; courseId: string }) {
  const [row] = await selectOwnFacts(db, which)
  return row && { enrollment: row, completedLessons: row.completed_lessons, examMissing: row.exam_missing }
}

export async function deleteFactsOf(tx: Tx, enrollmentIds: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('enrollment_facts')
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}

/** What an enrollment's facts say, and what its progress and its exam say. */
export interface EnrollmentFault {
  readonly enrollmentId: string
  readonly courseId: string
  /** Which course the facts name; null where they are missing. */
  readonly keptCourseId: string | null
  readonly kept: number
  readonly counted: number
  /** When it was last active at least. */
  readonly activeAt: Date
}

/** One statement, so that what is being written meanwhile is in both or in neither. */
export async function findEnrollmentFaults(db: Db, limit: number): Promise<EnrollmentFault[]> {
  const { rows } = await sql<EnrollmentFault>`
    with truth as (
      select enrollment_id, count(completed_at) as counted, max(completed_at) as last_done, max(updated_at) as last_change
      from lesson_progress group by enrollment_id
    )
    select enrollment_id as "enrollmentId", placement.course_id as "courseId", facts.course_id as "keptCourseId",
      coalesce(completed_lessons, 0) as kept, coalesce(counted, 0)::int as counted,
      coalesce(greatest(last_done, passed_at), last_activity_at, last_change) as "activeAt"
    from enrollment_facts facts
    full join truth using (enrollment_id)
    full join exam_passes using (enrollment_id)
    join ${placements} placement using (enrollment_id)
    where facts.course_id is distinct from placement.course_id
      or completed_lessons <> coalesce(counted, 0)
      or last_activity_at < greatest(last_done, passed_at)
    limit ${limit}`.execute(db)
  return rows
}

export interface Counts {
  readonly lessons: number
  readonly exams: number
  readonly courses: number
}

/** What the counts of a course say of a quarter of an hour, and what happened in it. */
export interface CountFault {
  readonly courseId: string
  readonly slot: Date
  readonly kept: Counts
  readonly counted: Counts
}

/** One statement, for the same reason. */
export async function findCountFaults(db: Db, limit: number): Promise<CountFault[]> {
  const { rows } = await sql<CountFault>`
    with happened as (
      select course_id, learning_slot(completed_at) as slot, 1 as lessons, 0 as exams, 0 as courses
      from lesson_progress join ${placements} placement using (enrollment_id) where completed_at is not null
      union all
      select course_id, learning_slot(passed_at), 0, 1, 0 from exam_passes join ${placements} placement using (enrollment_id)
      union all
      select course_id, learning_slot(completed_at), 0, 0, 1 from ${completions} completion
    ), counted as (
      select course_id, slot, sum(lessons)::int as lessons, sum(exams)::int as exams, sum(courses)::int as courses
      from happened group by course_id, slot
    ), kept as (
      select course_id, slot, sum(lessons_completed)::int as lessons, sum(exams_passed)::int as exams,
        sum(courses_completed)::int as courses
      from learning_counts group by course_id, slot
    )
    select course_id as "courseId", slot,
      json_build_object('lessons', coalesce(kept.lessons, 0), 'exams', coalesce(kept.exams, 0),
        'courses', coalesce(kept.courses, 0)) as kept,
      json_build_object('lessons', coalesce(counted.lessons, 0), 'exams', coalesce(counted.exams, 0),
        'courses', coalesce(counted.courses, 0)) as counted
    from kept full join counted using (course_id, slot)
    where (coalesce(kept.lessons, 0), coalesce(kept.exams, 0), coalesce(kept.courses, 0))
      <> (coalesce(counted.lessons, 0), coalesce(counted.exams, 0), coalesce(counted.courses, 0))
    limit ${limit}`.execute(db)
  return rows
}

/** Adds what is missing: as a difference, it is right whatever is counted meanwhile. */
export async function addStudy(
  tx: Tx,
  { enrollmentId, courseId, kept, counted, activeAt }: EnrollmentFault,
): Promise<void> {
  await sql`
    insert into enrollment_facts (enrollment_id, course_id, completed_lessons, last_activity_at)
    values (${enrollmentId}, ${courseId}, ${counted - kept}, ${activeAt})
    on conflict (enrollment_id) do update set
      course_id = excluded.course_id,
      completed_lessons = enrollment_facts.completed_lessons + excluded.completed_lessons,
      last_activity_at = greatest(enrollment_facts.last_activity_at, excluded.last_activity_at)`.execute(tx)
}

/** The same for a quarter of an hour of a course. */
export async function addToSlot(
  tx: Tx,
  { courseId, slot, ...counts }: { courseId: string; slot: Date } & Counts,
): Promise<void> {
  const { lessons, exams, courses } = counts
  await sql`
    insert into learning_counts (course_id, slot, shard, lessons_completed, exams_passed, courses_completed)
    values (${courseId}, ${slot}, 0, ${lessons}, ${exams}, ${courses})
    on conflict (course_id, slot, shard) do update set
      lessons_completed = learning_counts.lessons_completed + excluded.lessons_completed,
      exams_passed = learning_counts.exams_passed + excluded.exams_passed,
      courses_completed = learning_counts.courses_completed + excluded.courses_completed`.execute(tx)
}
