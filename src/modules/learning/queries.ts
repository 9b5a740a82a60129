import { type SqlBool, sql } from 'kysely'
import type { Static } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { prepare, prepareRead } from '../../platform/database/prepared.ts'
import { stating } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { courseVersions } from '../catalogue/index.ts'
import { type EnrollmentRow, liveEnrollments } from '../enrollments/index.ts'
import { lessonCompleted } from './events.ts'

export interface ProgressRow {
  readonly lesson_id: string
  readonly completed_at: Date | null
  /** Once passed it stays so: a reset takes the completion only. */
  readonly quiz_passed_at: Date | null
  readonly position_seconds: number | null
  readonly updated_at: Date
}

/** All that a student has done in an enrollment, with the exam that its course has. */
export interface Done {
  readonly lessons: readonly ProgressRow[]
  readonly exam: { readonly quizId: string; readonly passedAt: Date | null } | null
}

interface Study {
  readonly enrollmentId: string
  readonly courseId: string
}

/** A row of progress, as `progressIn` reads it. */
const inJson = sql`json_build_array(lesson_id, completed_at, quiz_passed_at, position_seconds, updated_at)`

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

type DoneInJson = readonly [
  lessonId: string,
  completedAt: string | null,
  quizPassedAt: string | null,
  positionSeconds: number | null,
  updatedAt: string,
]

interface StudyingRow extends EnrollmentRow {
  readonly quiz_id: string | null
  readonly passed_at: Date | null
  readonly done: readonly DoneInJson[]
}

// All lessons as one value: as rows of their own they cost twice as much to read.
const selectStudying = prepareRead<{ userId: string; courseId: string }, StudyingRow>(
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
  if (!row) return undefined
  const { quiz_id, passed_at, done, ...enrollment } = row
  return { enrollment, done: doneIn({ quiz_id, passed_at, done }) }
}

function doneIn({
  quiz_id: quizId,
  passed_at: passedAt,
  done,
}: Pick<StudyingRow, 'quiz_id' | 'passed_at' | 'done'>): Done {
  return { lessons: done.map(progressIn), exam: quizId === null ? null : { quizId, passedAt } }
}

function progressIn([
  lesson_id,
  completedAt,
  quizPassedAt,
  position_seconds,
  updatedAt,
]: DoneInJson): ProgressRow {
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

interface Save {
  readonly userId: string
  readonly courseId: string
  readonly lessonId: string
  readonly completedAt: Date | null
  readonly quizPassedAt: Date | null
  readonly positionSeconds: number | null
}

interface SavedRow extends EnrollmentRow {
  readonly saved: DoneInJson | null
  readonly done: readonly DoneInJson[]
  readonly quiz_id: string | null
  readonly passed_at: Date | null
  readonly version: number
}

const saveAndState = prepare<
  Save & { at: Date; eventId: string; causedBy: string | null; fact: string },
  SavedRow
>(
  (save) => sql`
    with live as materialized (
      select * from ${liveEnrollments} live where user_id = ${save.userId} and course_id = ${save.courseId}
    ), saved as (
      insert into lesson_progress (enrollment_id, lesson_id, completed_at, quiz_passed_at, position_seconds, updated_at)
      select live.id, ${save.lessonId}::uuid, ${save.completedAt}::timestamptz, ${save.quizPassedAt}::timestamptz,
        ${save.positionSeconds}::integer, ${save.at}::timestamptz
      from live
      on conflict (enrollment_id, lesson_id) do update set
        completed_at = coalesce(lesson_progress.completed_at, excluded.completed_at),
        quiz_passed_at = coalesce(lesson_progress.quiz_passed_at, excluded.quiz_passed_at),
        position_seconds = coalesce(excluded.position_seconds, lesson_progress.position_seconds),
        updated_at = excluded.updated_at
      where (lesson_progress.completed_at is null and excluded.completed_at is not null)
        or (lesson_progress.quiz_passed_at is null and excluded.quiz_passed_at is not null)
        or (excluded.position_seconds is distinct from lesson_progress.position_seconds and excluded.position_seconds is not null)
      returning *
    ), done as (
      select lesson_id, completed_at, quiz_passed_at, position_seconds, updated_at
      from lesson_progress where enrollment_id = (select id from live)
    ), ${stating(lessonCompleted, {
      id: save.eventId,
      userId: save.causedBy,
      at: save.at,
      payload: sql`(select ${save.fact}::jsonb || jsonb_build_object('enrollmentId', id) from live)`,
      when: sql`exists (select from saved where completed_at is not null)
        and not exists (select from done where lesson_id = ${save.lessonId} and completed_at is not null)`,
    })}
    select live.*, (select ${inJson} from saved) as saved, coalesce((select json_agg(${inJson}) from done), '[]') as done,
      exam.quiz_id, pass.passed_at, course.version
    from live
    join ${courseVersions} course on course.id = live.course_id
    left join course_exams exam on exam.course_id = live.course_id
    left join exam_passes pass on pass.enrollment_id = live.id`,
)

/** What a save found, and what it wrote. */
export interface Saved {
  /** The live one; whether the course may be used by it, the caller says. */
  readonly enrollment: EnrollmentRow
  readonly before: Done
  readonly saved: ProgressRow | undefined
  /** Of the course. */
  readonly version: number
}

/**
 * Notes what was done of a lesson in the live enrollment of a person, states where that completed it, and reads all that was done before,
 * in one statement. A completion stays the first one; a position is replaced by the newer one; what is noted already is not written again,
 * and then nothing is `saved`. The caller holds the enrollment: completions of it take turns, so that each is stated once.
 */
export async function saveProgress(tx: Tx, cause: Cause, save: Save): Promise<Saved | undefined> {
  const { userId, courseId, lessonId } = save
  const fact: Omit<Static<typeof lessonCompleted.payload>, 'enrollmentId'> = { courseId, lessonId, userId }
  const [row] = await saveAndState(tx, {
    ...save,
    at: cause.at,
    eventId: newId(),
    causedBy: cause.userId,
    fact: JSON.stringify(fact),
  })
  if (!row) return undefined
  const { saved, done, quiz_id, passed_at, version, ...enrollment } = row
  return {
    enrollment,
    before: doneIn({ quiz_id, passed_at, done }),
    saved: saved ? progressIn(saved) : undefined,
    version,
  }
}

/** All that is done, after a save. */
export function withSaved({ lessons, exam }: Done, saved: ProgressRow | undefined): Done {
  if (!saved) return { lessons, exam }
  return { lessons: [...lessons.filter((row) => row.lesson_id !== saved.lesson_id), saved], exam }
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
