import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts, requireOwner } from '../catalogue/index.ts'
import { deleteBankQuestion } from './bank-queries.ts'
import { questionRemoved } from './events.ts'

/** Takes a question out of the bank. Quizzes that draw from it draw from what is left. */
export async function removeQuestion(
  tx: Tx,
  actor: Actor,
  which: { courseId: string; questionId: string },
): Promise<void> {
  requireOwner(actor, await findCourseFacts(tx, which.courseId))
  if (!(await deleteBankQuestion(tx, which))) throw refuse(notFound)
  await publish(tx, questionRemoved, which, actor)
}
