import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse, validationFailed } from '../../platform/http/refusal.ts'
import { findCourseFacts, requireOwner } from '../catalogue/index.ts'
import { type BankQuestionRow, lockBankQuestion, updateBankQuestion } from './bank-queries.ts'
import { questionChanged } from './events.ts'
import { asQuestion, changed, faultsOfBankQuestion } from './question-rules.ts'
import type { QuestionChange } from './schemas.ts'

/** Changes a question of the bank. Attempts that have drawn it keep it as it was. */
export async function changeQuestion(
  tx: Tx,
  actor: Actor,
  input: { courseId: string; questionId: string; change: QuestionChange },
): Promise<BankQuestionRow> {
  const { courseId, questionId, change } = input
  requireOwner(actor, await findCourseFacts(tx, courseId))
  const before = await lockBankQuestion(tx, { courseId, questionId })
  if (!before) throw refuse(notFound)
  const said = changed(before.question, change)
  const errors = faultsOfBankQuestion(said, '')
  if (errors.length > 0) throw refuse(validationFailed, undefined, { errors })
  const question = asQuestion(said)
  await updateBankQuestion(tx, { questionId, question, at: actor.at })
  await publish(tx, questionChanged, { courseId, questionId }, actor)
  return { ...before, question, updated_at: actor.at }
}
