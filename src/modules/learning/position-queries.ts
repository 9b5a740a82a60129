import { sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'
import { lessonSteps, type OutlineLessonRow, sectionSteps } from '../catalogue/index.ts'

/** What a position wants to know of the course around it. */
export interface KeptPosition {
  readonly completedAt: Date | null
  readonly completedLessons: number
  /** The first lesson in order that is not completed; where the course is not sequential, of those whose day has come. */
  readonly first: Pick<OutlineLessonRow, 'id' | 'type' | 'available_after_days'> | null
  readonly exam: { readonly quizId: string; readonly passedAt: Date | null } | null
  /** Of the lessons that are not completed, the most days; only where they lock an exam. */
  readonly lastDays: number | null
}

interface Row {
  readonly completed_at: Date | null
  readonly completed_lessons: number
  readonly first: KeptPosition['first']
  readonly quiz_id: string | null
  readonly passed_at: Date | null
  readonly last_days: number | null
}

/**
 * Keeps a position, the same one not again, and reads what is around it, in one statement. The first lesson that is not completed is
 * looked for once, section by section, and then kept with the position as long as nothing has changed.
 * @param position.version of the course: it counts every change of its lessons
 * @param position.elapsedDays whole days since the enrollment became active
 */
export async function savePosition(
  tx: Tx,
  position: {
    enrollmentId: string
    courseId: string
    lessonId: string
    positionSeconds: number
    at: Date
    sequential: boolean
    version: number
    elapsedDays: number
  },
): Promise<KeptPosition> {
  const { enrollmentId, courseId, lessonId, positionSeconds, at, sequential, version, elapsedDays } = position
  const notCompleted = sql`not exists (
    select from lesson_progress done
    where done.enrollment_id = ${enrollmentId} and done.lesson_id = lesson.id and done.completed_at is not null)`
  const first = sql`(
    select lesson.id from ${sectionSteps} section
    cross join lateral (
      select id from ${lessonSteps} lesson
      where lesson.section_id = section.id and ${notCompleted}
        and (${sequential}::boolean or lesson.available_after_days is null
          or lesson.available_after_days <= ${elapsedDays}::int)
      order by lesson.position limit 1
    ) lesson
    where section.course_id = known.course_id order by section.position limit 1)`
  const { rows } = await sql<Row>`
    with known as (
      select study.course_id, before.completed_at, counted.completed_lessons, exam.quiz_id, pass.passed_at, seen.first_of,
        before.first_of = seen.first_of as is_kept, before.first_lesson_id
      from (select ${enrollmentId}::uuid as enrollment_id, ${courseId}::uuid as course_id) study
      left join lesson_progress before on before.enrollment_id = study.enrollment_id and before.lesson_id = ${lessonId}
      left join enrollment_facts facts on facts.enrollment_id = study.enrollment_id
      left join course_exams exam on exam.course_id = study.course_id
      left join exam_passes pass on pass.enrollment_id = study.enrollment_id
      cross join lateral (select coalesce(facts.completed_lessons, 0) as completed_lessons) counted
      cross join lateral (
        select hashtextextended(concat_ws('/', ${version}::int, ${sequential}::boolean, counted.completed_lessons,
          ${elapsedDays}::int), 0) as first_of
      ) seen
    ), around as materialized (
      select known.*, case when is_kept then first_lesson_id else ${first} end as first_id from known
    ), saved as (
      insert into lesson_progress (enrollment_id, lesson_id, position_seconds, updated_at, first_of, first_lesson_id)
      select ${enrollmentId}::uuid, ${lessonId}::uuid, ${positionSeconds}::int, ${at}::timestamptz, first_of, first_id from around
      on conflict (enrollment_id, lesson_id) do update set
        position_seconds = excluded.position_seconds, updated_at = excluded.updated_at,
        first_of = excluded.first_of, first_lesson_id = excluded.first_lesson_id
      where lesson_progress.position_seconds is distinct from excluded.position_seconds
    )
    select around.completed_at, completed_lessons, quiz_id, passed_at,
      (
        select json_build_object('id', id, 'type', type, 'available_after_days', available_after_days)
        from ${lessonSteps} lesson where lesson.id = first_id
      ) as first,
      (
        select lesson.available_after_days from ${lessonSteps} lesson
        where ${sequential}::boolean and quiz_id is not null and passed_at is null
          and lesson.course_id = around.course_id and lesson.available_after_days is not null and ${notCompleted}
        order by lesson.available_after_days desc limit 1
      ) as last_days
    from around`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('a statement that always has a row had none')
  return {
    completedAt: row.completed_at,
    completedLessons: row.completed_lessons,
    first: row.first,
    exam: row.quiz_id === null ? null : { quizId: row.quiz_id, passedAt: row.passed_at },
    lastDays: row.last_days,
  }
}
