import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { lockLiveEnrollment } from '../enrollments/index.ts'
import { progressReset } from './events.ts'
import { requireEnrolled } from './policy.ts'
import { clearProgress, findDone } from './queries.ts'
import { type Study, studyOf, termsOf } from './study.ts'

/**
 * Begins at the first lesson again. What was proved stays: attempts, passed quizzes and the passed exam, so that nobody is kept out by
 * a limit of attempts; and the enrollment: who completed the course has completed it.
 */
export async function resetProgress(tx: Tx, actor: Actor, courseId: string): Promise<Study> {
  const course = await findOutline(tx, { courseId })
  if (!course) throw refuse(notFound)
  const live = await lockLiveEnrollment(tx, { userId: actor.userId, courseId })
  const enrollment = requireEnrolled(actor, course, live)
  const enrollmentId = enrollment.id
  await clearProgress(tx, { enrollmentId, at: actor.at })
  await publish(tx, progressReset, { enrollmentId, courseId, userId: actor.userId }, actor)
  return studyOf(course, await findDone(tx, { enrollmentId, courseId }), termsOf(enrollment, actor))
}
