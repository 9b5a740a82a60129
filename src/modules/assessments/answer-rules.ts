import type { FieldFault } from '../../platform/http/refusal.ts'
import type { AnswerIn, AnswerValue } from './attempt-schemas.ts'
import type { Choice, ShownQuestion } from './sheet-rules.ts'

/** An answer as it is kept; null: it was taken away again. */
export interface SavedAnswer {
  readonly questionId: string
  readonly value: AnswerValue
  readonly sequence?: number
}

/** What answers to a question may be: its type, and the ids of what may be chosen. */
interface AskedQuestion {
  readonly type: ShownQuestion['type']
  readonly options?: readonly string[]
  readonly items?: readonly string[]
  readonly lefts?: readonly string[]
  readonly rights?: readonly string[]
}

/** By the id of the question. */
export type Asked = Readonly<Record<string, AskedQuestion>>

export function askedOf(questions: readonly ShownQuestion[]): Asked {
  const idsOf = (choices?: readonly Choice[]) => choices?.map(({ id }) => id)
  return Object.fromEntries(
    questions.map(({ id, type, options, items, lefts, rights }) => [
      id,
      {
        type,
        ...(options ? { options: idsOf(options) } : {}),
        ...(items ? { items: idsOf(items) } : {}),
        ...(lefts ? { lefts: idsOf(lefts) } : {}),
        ...(rights ? { rights: idsOf(rights) } : {}),
      },
    ]),
  ) as Asked
}

/** What is wrong with answers to these questions, each fault with its place. */
export function faultsOfAnswers(asked: Asked, answers: readonly AnswerIn[]): FieldFault[] {
  return answers.flatMap(({ questionId, value }, index) => {
    const question = asked[questionId]
    if (!question)
      return [{ path: `/answers/${index}/questionId`, message: 'is no question of this attempt' }]
    const message = value === null ? null : faultOfValue(question, value)
    return message === null ? [] : [{ path: `/answers/${index}/value`, message }]
  })
}

function faultOfValue(question: AskedQuestion, value: AnswerValue): string | null {
  const { options = [], items = [], lefts = [], rights = [] } = question
  switch (question.type) {
    case 'single':
      return isOneOf(options, value) ? null : 'must be the id of an option of the question'
    case 'multiple':
      return isSubset(options, value) ? null : 'must be ids of options of the question, each once'
    case 'true_false':
      return typeof value === 'boolean' ? null : 'must be true or false'
    case 'numeric':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number'
    case 'short_text':
      return typeof value === 'string' ? null : 'must be a text'
    case 'ordering':
      return isSubset(items, value) && (value as unknown[]).length === items.length
        ? null
        : 'must be the ids of all items of the question, in order'
    case 'matching':
      return isMatching({ lefts, rights }, value)
        ? null
        : 'must be pairs { left, right } of ids of the question, each left once'
  }
}

function isOneOf(ids: readonly string[], value: unknown): value is string {
  return ids.some((id) => id === value)
}

function isSubset(ids: readonly string[], value: AnswerValue): value is string[] {
  return (
    Array.isArray(value) &&
    new Set<unknown>(value).size === value.length &&
    value.every((id) => isOneOf(ids, id))
  )
}

function isMatching(
  { lefts, rights }: { lefts: readonly string[]; rights: readonly string[] },
  value: AnswerValue,
): boolean {
  if (!Array.isArray(value)) return false
  const pairs = value.filter((pair) => typeof pair === 'object')
  return (
    pairs.length === value.length &&
    new Set(pairs.map(({ left }) => left)).size === pairs.length &&
    pairs.every(({ left, right }) => isOneOf(lefts, left) && isOneOf(rights, right))
  )
}

/**
 * Puts answers over those that are kept. Of a question that was answered under a sequence number, one under the same or an older
 * number is a late or repeated message and changes nothing; one without a number counts as the newest.
 */
export function mergeAnswers(
  kept: readonly SavedAnswer[],
  answers: readonly AnswerIn[],
): { answers: readonly SavedAnswer[]; changed: boolean } {
  const merged = new Map(kept.map((answer) => [answer.questionId, answer]))
  let changed = false
  for (const { questionId, value, sequence } of answers) {
    const before = merged.get(questionId)
    if (sequence !== undefined && before?.sequence !== undefined && sequence <= before.sequence) continue
    const number = sequence ?? before?.sequence
    merged.set(questionId, { questionId, value, ...(number === undefined ? {} : { sequence: number }) })
    changed = true
  }
  return { answers: [...merged.values()], changed }
}
