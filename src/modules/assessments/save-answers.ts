import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse, validationFailed } from '../../platform/http/refusal.ts'
import { noteActivity } from '../learning/index.ts'
import { faultsOfAnswers, mergeAnswers } from './answer-rules.ts'
import { type AnsweredRow, lockAttemptToAnswer, updateAnswers } from './attempt-queries.ts'
import type { AnswerIn } from './attempt-schemas.ts'
import { attemptClosed, deadlinePassed } from './errors.ts'
import { requireLive } from './require-live.ts'
import { isOver } from './rules.ts'

/** Keeps answers of an open attempt; what is sent again, or comes late, changes nothing. */
export async function saveAnswers(
  tx: Tx,
  actor: Actor,
  input: { attemptId: string; answers: readonly AnswerIn[] },
): Promise<AnsweredRow> {
  const { attemptId } = input
  const { userId, at } = actor
  const questionIds = input.answers.map(({ questionId }) => questionId)
  const attempt = await lockAttemptToAnswer(tx, { attemptId, userId, questionIds })
  if (!attempt) throw refuse(notFound)
  const { course_id: courseId } = await requireLive(tx, attempt)
  if (attempt.status !== 'open') throw refuse(attemptClosed)
  if (isOver(attempt.deadline, at)) throw refuse(deadlinePassed)
  const errors = faultsOfAnswers(attempt.asked ?? {}, input.answers)
  if (errors.length > 0) throw refuse(validationFailed, undefined, { errors })
  const { answers, changed } = mergeAnswers(attempt.answers, input.answers)
  if (changed) {
    await updateAnswers(tx, { attemptId, answers, at })
    await noteActivity(tx, { userId, courseId, at, since: attempt.active_at })
  }
  return { ...attempt, answers }
}
