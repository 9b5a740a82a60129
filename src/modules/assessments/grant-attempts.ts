import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts, requireOwner } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { attemptsGranted } from './events.ts'
import { addExtraAttempts, type ExtraAttemptsRow } from './extra-attempt-queries.ts'
import { findQuiz } from './quiz-queries.ts'

/** An owner gives one student more attempts than the quiz allows everybody. */
export async function grantAttempts(
  tx: Tx,
  actor: Actor,
  input: { quizId: string; userId: string; count: number },
): Promise<ExtraAttemptsRow> {
  const quiz = await findQuiz(tx, input.quizId)
  if (!quiz) throw refuse(notFound)
  const { id: courseId } = requireOwner(actor, await findCourseFacts(tx, quiz.course_id))
  const live = await findLiveEnrollment(tx, { userId: input.userId, courseId })
  if (!isEnrolled(live?.status)) throw badField('/userId', 'must be enrolled in the course of the quiz')
  const granted = await addExtraAttempts(tx, input)
  await publish(tx, attemptsGranted, { ...input, courseId }, actor)
  return granted
}
