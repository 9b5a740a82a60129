import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse, validationFailed } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { holdCourse, requireOwner } from '../catalogue/index.ts'
import { type BankQuestionRow, insertBankQuestion } from './bank-queries.ts'
import { bankFull } from './errors.ts'
import { questionAdded } from './events.ts'
import { asQuestion, faultsOfBankQuestion } from './question-rules.ts'
import type { NewQuestion } from './schemas.ts'

/** Puts a question into the bank of a course. */
export async function addQuestion(
  tx: Tx,
  actor: Actor,
  input: { courseId: string; question: NewQuestion },
): Promise<BankQuestionRow> {
  const { id: courseId } = requireOwner(actor, await holdCourse(tx, input.courseId))
  const errors = faultsOfBankQuestion(input.question, '')
  if (errors.length > 0) throw refuse(validationFailed, undefined, { errors })
  const question = asQuestion(input.question)
  const added = await insertBankQuestion(tx, { id: newId(), courseId, question, at: actor.at })
  if (!added) throw refuse(bankFull)
  await publish(tx, questionAdded, { courseId, questionId: added.id }, actor)
  return added
}
