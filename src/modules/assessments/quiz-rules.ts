import type { FieldFault } from '../../platform/http/refusal.ts'
import { bytesOf, faultsOfQuestion } from './question-rules.ts'
import { mostQuestions, type NewQuiz } from './schemas.ts'

/** Of its own questions and those that it draws, as every attempt has a copy of them. */
export const mostBytes = 1_000_000

/**
 * What is wrong with a quiz that its schema cannot see.
 * @param known the questions that the quiz has already, whose ids may be sent back
 */
export function faultsOfQuiz(quiz: NewQuiz, known: ReadonlySet<string>): FieldFault[] {
  const { questions, draw = [] } = quiz
  const drawn = draw.reduce((sum, { count }) => sum + count, 0)
  const faults = questions.flatMap((question, index) => faultsOfQuestion(question, `/questions/${index}`))
  if (questions.length + drawn === 0)
    faults.push({ path: '/questions', message: 'must have at least one question, or draw some' })
  if (questions.length + drawn > mostQuestions)
    faults.push({ path: '/draw', message: `must not make it more than ${mostQuestions} questions` })
  if (bytesOf(questions) > mostBytes)
    faults.push({ path: '/questions', message: 'must not be more than 1 MB in all' })
  const seen = new Set<string>()
  for (const [index, { id }] of questions.entries()) {
    if (id === undefined) continue
    if (!known.has(id) || seen.has(id))
      faults.push({ path: `/questions/${index}/id`, message: 'must be one that the quiz has, once' })
    seen.add(id)
  }
  return [...faults, ...draw.flatMap(faultsOfDraw)]
}

function faultsOfDraw({ tag, questionIds, count }: NonNullable<NewQuiz['draw']>[number], index: number) {
  const path = `/draw/${index}`
  const faults: FieldFault[] = []
  if (tag !== undefined && questionIds !== undefined)
    faults.push({ path: `${path}/tag`, message: 'is not for questions that are named' })
  if (questionIds && new Set(questionIds).size < questionIds.length)
    faults.push({ path: `${path}/questionIds`, message: 'must name each question once' })
  if (questionIds && count > questionIds.length)
    faults.push({
      path: `${path}/count`,
      message: `must be at most the ${questionIds.length} that are named`,
    })
  return faults
}
