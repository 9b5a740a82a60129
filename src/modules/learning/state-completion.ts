import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import type { EnrollmentRow } from '../enrollments/index.ts'
import { lessonCompleted } from './events.ts'
import type { Done, ProgressRow } from './queries.ts'

/** States that a lesson was completed, where what was saved completed it. Completions of an enrollment take turns, so once. */
export async function stateCompletion(
  tx: Tx,
  cause: Cause,
  { enrollment, before, saved }: { enrollment: EnrollmentRow; before: Done; saved: ProgressRow | undefined },
): Promise<void> {
  if (!saved?.completed_at) return
  const lessonId = saved.lesson_id
  if (before.lessons.some((row) => row.lesson_id === lessonId && row.completed_at !== null)) return
  const { id: enrollmentId, course_id: courseId, user_id: userId } = enrollment
  await publish(tx, lessonCompleted, { enrollmentId, courseId, lessonId, userId }, cause)
}
