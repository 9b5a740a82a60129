import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { prepareRead } from '../../platform/database/prepared.ts'
import { type EnrollmentRow, liveEnrollments } from '../enrollments/index.ts'
import type { Done, ShownProgress } from './queries.ts'

type ShownInJson = readonly [lessonId: string, completedAt: string | null, positionSeconds: number | null]

type ShownEnrollment = Pick<EnrollmentRow, 'status' | 'created_at' | 'activated_at'>

interface ShownRow extends ShownEnrollment {
  readonly quiz_id: string | null
  readonly passed_at: Date | null
  readonly done: readonly ShownInJson[] | null
}

const selectShown = prepareRead<{ userId: string; courseId: string }, ShownRow>(
  ({ userId, courseId }) => sql`
    select live.status, live.created_at, live.activated_at, exam.quiz_id, pass.passed_at, (
      select json_agg(json_build_array(lesson_id, completed_at, position_seconds))
      from lesson_progress where enrollment_id = live.id) as done
    from ${liveEnrollments} live
    left join course_exams exam on exam.course_id = live.course_id
    left join exam_passes pass on pass.enrollment_id = live.id
    where live.user_id = ${userId} and live.course_id = ${courseId}`,
)

/** What a student is shown of their live enrollment in a course and of what was done in it: the least that a screen is made of. */
export async function findShown(
  db: Db,
  which: { userId: string; courseId: string },
): Promise<{ enrollment: ShownEnrollment; done: Done<ShownProgress> } | undefined> {
  const [row] = await selectShown(db, which)
  if (!row) return undefined
  const { quiz_id: quizId, passed_at: passedAt, done } = row
  const exam = quizId === null ? null : { quizId, passedAt }
  return { enrollment: row, done: { lessons: done?.map(shownIn) ?? [], exam } }
}

function shownIn([lesson_id, completedAt, position_seconds]: ShownInJson): ShownProgress {
  return {
    lesson_id,
    completed_at: completedAt === null ? null : new Date(completedAt),
    position_seconds,
  }
}
