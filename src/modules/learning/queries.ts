import { type SqlBool, sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { prepareRead } from '../../platform/database/prepared.ts'
import { type EnrollmentRow, liveEnrollments } from '../enrollments/index.ts'

export interface ProgressRow {
  readonly lesson_id: string
  readonly completed_at: Date | null
  /** Once passed it stays so: a reset takes the completion only. */
  readonly quiz_passed_at: Date | null
  readonly position_seconds: number | null
  readonly updated_at: Date
}

/** What one is shown of it. */
export type ShownProgress = Pick<ProgressRow, 'lesson_id' | 'completed_at' | 'position_seconds'>

/** All that a student has done in an enrollment, with the exam that its course has. */
export interface Done<Row = ProgressRow> {
  readonly lessons: readonly Row[]
  readonly exam: { readonly quizId: string; readonly passedAt: Date | null } | null
}

interface Study {
  readonly enrollmentId: string
  readonly courseId: string
}

/** A row of progress, as `doneIn` reads it. */
export const inJson = sql`json_build_array(lesson_id, completed_at, quiz_passed_at, position_seconds, updated_at)`

const columns = ['lesson_id', 'completed_at', 'quiz_passed_at', 'position_seconds', 'updated_at'] as const

type DoneRow = (ProgressRow | { lesson_id: null }) & { quiz_id: string | null; passed_at: Date | null }

const selectDone = ({ enrollmentId, courseId }: Study) => sql`
  select progress.lesson_id, progress.completed_at, progress.quiz_passed_at, progress.position_seconds,
    progress.updated_at,
    exam.quiz_id, pass.passed_at
  from (select ${enrollmentId}::uuid as enrollment_id, ${courseId}::uuid as course_id) study
  left join course_exams exam using (course_id)
  left join exam_passes pass using (enrollment_id)
  left join lesson_progress progress using (enrollment_id)`

export async function findDone(db: Db, study: Study): Promise<Done> {
  const { rows } = await sql<DoneRow>`${selectDone(study)}`.execute(db)
  return doneOf(rows)
}

type ProgressInJson = readonly [
  lessonId: string,
  completedAt: string | null,
  quizPassedAt: string | null,
  positionSeconds: number | null,
  updatedAt: string,
]

/** All that was done in an enrollment as one value: as rows of their own its lessons cost twice as much to read. */
export interface DoneInJson {
  readonly quiz_id: string | null
  readonly passed_at: Date | null
  readonly done: readonly ProgressInJson[]
}

const selectStudying = prepareRead<{ userId: string; courseId: string }, EnrollmentRow & DoneInJson>(
  ({ userId, courseId }) => sql`
    select live.*, exam.quiz_id, pass.passed_at, coalesce((
      select json_agg(${inJson}) from (select * from lesson_progress where enrollment_id = live.id) progress), '[]') as done
    from ${liveEnrollments} live
    left join course_exams exam on exam.course_id = live.course_id
    left join exam_passes pass on pass.enrollment_id = live.id
    where live.user_id = ${userId} and live.course_id = ${courseId}`,
)

/** The live enrollment of a person in a course, and all that was done in it. */
export interface Studying {
  readonly enrollment: EnrollmentRow
  readonly done: Done
}

export async function findStudying(
  db: Db,
  which: { userId: string; courseId: string },
): Promise<Studying | undefined> {
  const [row] = await selectStudying(db, which)
  return row && { enrollment: row, done: doneIn(row) }
}

export function doneIn({ quiz_id: quizId, passed_at: passedAt, done }: DoneInJson): Done {
  return { lessons: done.map(progressIn), exam: quizId === null ? null : { quizId, passedAt } }
}

function progressIn([
  lesson_id,
  completedAt,
  quizPassedAt,
  position_seconds,
  updatedAt,
]: ProgressInJson): ProgressRow {
  return {
    lesson_id,
    completed_at: completedAt === null ? null : new Date(completedAt),
    quiz_passed_at: quizPassedAt === null ? null : new Date(quizPassedAt),
    position_seconds,
    updated_at: new Date(updatedAt),
  }
}

/** There is always a row; without any progress it names no lesson. */
function doneOf(rows: readonly DoneRow[]): Done {
  const { quiz_id: quizId = null, passed_at: passedAt = null } = rows[0] ?? {}
  return {
    lessons: rows.flatMap((row) => (row.lesson_id === null ? [] : [row])),
    exam: quizId === null ? null : { quizId, passedAt },
  }
}

/** What is said to be done of a lesson. */
interface Said {
  readonly lessonId: string
  readonly completedAt: Date | null
  readonly quizPassedAt: Date | null
  readonly positionSeconds: number | null
}

/** What is to be written of it. */
export interface Noted {
  readonly row: ProgressRow
  /** The new position; null leaves the one that is kept. */
  readonly positionSeconds: number | null
  /** Whether this is what completed the lesson. */
  readonly completes: boolean
}

/**
 * What is done with what is said now, undefined where that is noted already. A completion stays the first one; a position is replaced by the
 * newer one.
 */
export function noteIn(
  { lessons, exam }: Done,
  { lessonId, completedAt, quizPassedAt, positionSeconds }: Said,
  { at }: Cause,
): (Noted & { readonly done: Done }) | undefined {
  const before = lessons.find((row) => row.lesson_id === lessonId)
  const row: ProgressRow = {
    lesson_id: lessonId,
    completed_at: before?.completed_at ?? completedAt,
    quiz_passed_at: before?.quiz_passed_at ?? quizPassedAt,
    position_seconds: positionSeconds ?? before?.position_seconds ?? null,
    updated_at: at,
  }
  if (
    before?.completed_at === row.completed_at &&
    before.quiz_passed_at === row.quiz_passed_at &&
    before.position_seconds === row.position_seconds
  )
    return undefined
  const done = { lessons: [...lessons.filter((one) => one !== before), row], exam }
  return { done, row, positionSeconds, completes: !before?.completed_at && row.completed_at !== null }
}

/** Takes completions and positions; of what was proved by a quiz, a row is left that says so. */
export async function clearProgress(
  tx: Tx,
  { enrollmentId, at }: { enrollmentId: string; at: Date },
): Promise<void> {
  await sql`
    with kept as (
      update lesson_progress set completed_at = null, position_seconds = null, first_of = null, updated_at = ${at}
      where enrollment_id = ${enrollmentId} and quiz_passed_at is not null
    )
    delete from lesson_progress where enrollment_id = ${enrollmentId} and quiz_passed_at is null`.execute(tx)
}

/** Of many enrollments at once. */
export function findProgressOf(db: Db, enrollmentIds: readonly string[]) {
  return db
    .selectFrom('lesson_progress')
    .select(['enrollment_id', ...columns])
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}

export async function deleteProgressOf(tx: Tx, enrollmentIds: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('lesson_progress')
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}
