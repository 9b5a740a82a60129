import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { prepare } from '../../platform/database/prepared.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { stating } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { courseVersions } from '../catalogue/index.ts'
import { type EnrollmentRow, liveEnrollments } from '../enrollments/index.ts'
import { lessonCompleted } from './events.ts'
import { type Done, type DoneInJson, doneIn, inJson, type Noted } from './queries.ts'

type VersionedRow = EnrollmentRow & DoneInJson & { readonly version: number }

// Row by row, by the index: a plan made while there are few enrollments is kept when there are many. Its arrays stand out of the planner's
// sight: by their lengths it would plan anew for each number of people.
const selectStudies = prepare<{ userIds: readonly string[]; courseIds: readonly string[] }, VersionedRow>(
  ({ userIds, courseIds }) => sql`
    select live.*,
      (select version from ${courseVersions} course where course.id = live.course_id) as version,
      (select quiz_id from course_exams exam where exam.course_id = live.course_id) as quiz_id,
      (select passed_at from exam_passes pass where pass.enrollment_id = live.id) as passed_at,
      coalesce((select json_agg(${inJson}) from lesson_progress where enrollment_id = live.id), '[]') as done
    from unnest((select ${userIds}::uuid[]), (select ${courseIds}::uuid[])) as asked (user_id, course_id), lateral (
      select * from ${liveEnrollments} one where one.user_id = asked.user_id and one.course_id = asked.course_id limit 1
    ) live`,
)

/** A live enrollment, all that was done in it, and which version its course has. */
export interface VersionedStudy {
  readonly enrollment: EnrollmentRow
  readonly done: Done
  readonly version: number
}

export async function findStudies(
  db: Db,
  which: readonly { readonly userId: string; readonly courseId: string }[],
): Promise<VersionedStudy[]> {
  const rows = await selectStudies(db, {
    userIds: which.map(({ userId }) => userId),
    courseIds: which.map(({ courseId }) => courseId),
  })
  return rows.map(({ version, quiz_id, passed_at, done, ...enrollment }) => ({
    enrollment,
    done: doneIn({ quiz_id, passed_at, done }),
    version,
  }))
}

/** What is to be written of a lesson, in which enrollment, and who caused it. */
export interface Save extends Noted {
  readonly enrollment: Pick<EnrollmentRow, 'id' | 'course_id' | 'user_id'>
  readonly cause: Cause
}

// Triggers count rows that are new, and then those that were there: in each of the two in order, but one after the other. So whoever completes
// lessons holds the counts of these enrollments before, each course by as many shards as the coarsest of its counts has; else two who have
// both, in one course, would wait for one another in a circle.
const saveAndState = prepare<{ saves: string }, never>(
  ({ saves }) => sql`
    with asked as materialized (
      select * from json_to_recordset((select ${saves}::json)) as asked (enrollment_id uuid, lesson_id uuid, completed_at timestamptz,
        quiz_passed_at timestamptz, position_seconds integer, at timestamptz, event_id uuid, caused_by uuid, fact jsonb)
    ), held as materialized (
      select count(pg_advisory_xact_lock(counts)) from (
        select distinct hashtextextended('lessons of ' || (fact ->> 'courseId'), get_byte(uuid_send(enrollment_id), 15) % 8) as counts
        from asked where event_id is not null order by counts
      ) in_order
    ), saved as (
      insert into lesson_progress (enrollment_id, lesson_id, completed_at, quiz_passed_at, position_seconds, updated_at)
      select enrollment_id, lesson_id, completed_at, quiz_passed_at, position_seconds, at from asked, held
      order by enrollment_id, lesson_id
      on conflict (enrollment_id, lesson_id) do update set
        completed_at = excluded.completed_at, quiz_passed_at = excluded.quiz_passed_at,
        position_seconds = coalesce(excluded.position_seconds, lesson_progress.position_seconds), updated_at = excluded.updated_at
    ), ${stating(lessonCompleted, {
      id: sql`event_id`,
      userId: sql`caused_by`,
      at: sql`at`,
      payload: sql`fact`,
      from: sql`asked`,
      when: sql`event_id is not null`,
    })}
    select ${answerNotRead}`,
)

/**
 * Notes what was done of lessons, one row of each, and states which of them that completed. The caller holds the enrollments, so that what
 * it read of them is so still; but for positions, which hold nobody up.
 */
export async function saveProgress(tx: Tx, saves: readonly Save[]): Promise<void> {
  await saveAndState(tx, { saves: JSON.stringify(saves.map(asked)) })
}

function asked({ enrollment, cause, row, positionSeconds, completes }: Save) {
  const { id: enrollmentId, course_id: courseId, user_id: userId } = enrollment
  const lessonId = row.lesson_id
  const fact: Static<typeof lessonCompleted.payload> = { enrollmentId, courseId, lessonId, userId }
  return {
    enrollment_id: enrollmentId,
    lesson_id: lessonId,
    completed_at: row.completed_at,
    quiz_passed_at: row.quiz_passed_at,
    position_seconds: positionSeconds,
    at: row.updated_at,
    ...(completes ? { event_id: newId(), caused_by: cause.userId, fact } : {}),
  }
}
