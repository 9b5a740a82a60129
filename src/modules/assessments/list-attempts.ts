import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts, isOwner } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { type AttemptSummaryRow, findAttemptsAt } from './attempt-queries.ts'
import { requireReader } from './policy.ts'
import { findCourseOfQuiz } from './quiz-queries.ts'

/** The attempts at a quiz that this reader may see: an owner those of all, anybody else their own. */
export async function listAttempts(
  db: Db,
  actor: Actor,
  { quizId, userId }: { quizId: string; userId: string | null },
  page: { after: string | null; limit: number },
): Promise<AttemptSummaryRow[]> {
  const courseId = await findCourseOfQuiz(db, quizId)
  const course = courseId === undefined ? undefined : await findCourseFacts(db, courseId)
  if (!course) throw refuse(notFound)
  if (isOwner(actor, course))
    return findAttemptsAt(db, { quizId, userIds: userId === null ? null : [userId] }, page)
  const own = { quizId, userIds: [actor.userId] }
  const live = await findLiveEnrollment(db, { userId: actor.userId, courseId: course.id })
  // Whose enrollment has ended may still read what they did.
  if (!isEnrolled(live?.status) && (await findAttemptsAt(db, own, { after: null, limit: 1 })).length === 0)
    requireReader(actor, course, live)
  if (userId !== null && userId !== actor.userId) throw refuse(notFound)
  return findAttemptsAt(db, own, page)
}
