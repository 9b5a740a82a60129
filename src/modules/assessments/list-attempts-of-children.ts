import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { findEnrolledOf } from '../enrollments/index.ts'
import { findChildren, noteLooks } from '../guardians/index.ts'
import { type AttemptSummaryRow, findAttemptsAt } from './attempt-queries.ts'
import { listAttempts } from './list-attempts.ts'
import { findCourseOfQuiz } from './quiz-queries.ts'

/** The same for a parent: those of the own children in the course; without any there, as for everybody else. */
export async function listAttemptsOfChildren(
  tx: Tx,
  actor: Actor,
  which: { quizId: string; userId: string | null },
  page: { after: string | null; limit: number },
): Promise<AttemptSummaryRow[]> {
  const { quizId, userId } = which
  const children = (await findChildren(tx, actor)).filter((id) => userId === null || id === userId)
  const courseId = await findCourseOfQuiz(tx, quizId)
  const userIds = courseId === undefined ? [] : await findEnrolledOf(tx, { courseId, userIds: children })
  if (userIds.length === 0) return listAttempts(tx, actor, which, page)
  await noteLooks(tx, actor, { childIds: userIds, what: 'attempts' })
  return findAttemptsAt(tx, { quizId, userIds }, page)
}
