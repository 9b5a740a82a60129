import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publishAll } from '../../platform/events/events.ts'
import { refuse, validationFailed } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { holdCourse, requireOwner } from '../catalogue/index.ts'
import { type BankQuestionRow, insertBankQuestions } from './bank-queries.ts'
import { bankFull } from './errors.ts'
import { questionAdded } from './events.ts'
import { asQuestion, faultsOfBankQuestion } from './question-rules.ts'
import type { NewQuestion } from './schemas.ts'

/** Puts a question into the bank of a course. */
export async function addQuestion(
  tx: Tx,
  actor: Actor,
  { courseId, question }: { courseId: string; question: NewQuestion },
): Promise<BankQuestionRow> {
  requireOwner(actor, await holdCourse(tx, courseId))
  const errors = faultsOfBankQuestion(question, '')
  if (errors.length > 0) throw refuse(validationFailed, undefined, { errors })
  const [added] = await addQuestions(tx, actor, { courseId, questions: [question] })
  if (!added) throw new Error('no question was added')
  return added
}

/** Puts questions that were checked into the bank of the actor's course, at once; answers with them in the same order. */
export async function addQuestions(
  tx: Tx,
  actor: Actor,
  { courseId, questions }: { courseId: string; questions: readonly NewQuestion[] },
): Promise<BankQuestionRow[]> {
  if (questions.length === 0) return []
  const made = questions.map((said) => ({ id: newId(), question: asQuestion(said) }))
  const added = await insertBankQuestions(tx, { courseId, questions: made, at: actor.at })
  if (added.length === 0) throw refuse(bankFull)
  const facts = added.map(({ id: questionId }) => ({ courseId, questionId }))
  await publishAll(tx, questionAdded, facts, actor)
  return added
}
