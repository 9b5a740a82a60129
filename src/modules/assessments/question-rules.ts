import type { FieldFault } from '../../platform/http/refusal.ts'
import { mostQuestionBytes, type NewQuestion, type QuestionChange, type QuestionType } from './schemas.ts'

interface Common {
  readonly text: string
  readonly points: number
  readonly explanation: string | null
  readonly tags: string[]
}

/** A question as its author made it, the right answer in it. */
export type Question = Common &
  (
    | { readonly type: 'single' | 'multiple'; readonly options: AuthoredOption[] }
    | { readonly type: 'true_false'; readonly answer: boolean }
    | { readonly type: 'numeric'; readonly answer: number; readonly tolerance: number }
    | { readonly type: 'short_text'; readonly accepted: string[] }
    | { readonly type: 'ordering'; readonly items: string[] }
    | { readonly type: 'matching'; readonly pairs: Pair[] }
  )

export interface AuthoredOption {
  readonly text: string
  readonly correct: boolean
}
export interface Pair {
  readonly left: string
  readonly right: string
}

const ownFields = ['options', 'answer', 'tolerance', 'accepted', 'items', 'pairs'] as const
type OwnField = (typeof ownFields)[number]
const fieldsOf: Readonly<Record<QuestionType, readonly OwnField[]>> = {
  single: ['options'],
  multiple: ['options'],
  true_false: ['answer'],
  numeric: ['answer', 'tolerance'],
  short_text: ['accepted'],
  ordering: ['items'],
  matching: ['pairs'],
}

/** What is wrong with a question that its schema cannot see, each fault with its place below `path`. */
export function faultsOfQuestion(said: NewQuestion, path: string): FieldFault[] {
  const foreign = ownFields
    .filter((field) => said[field] !== undefined && !fieldsOf[said.type].includes(field))
    .map((field) => ({ path: `${path}/${field}`, message: `is no field of a ${said.type} question` }))
  return [...foreign, ...faultsByType(said).map((fault) => ({ ...fault, path: path + fault.path }))]
}

/** The same of a question of the bank, which has a limit of its own; what a quiz asks itself is limited with the quiz. */
export function faultsOfBankQuestion(said: NewQuestion, path: string): FieldFault[] {
  const faults = faultsOfQuestion(said, path)
  if (bytesOf(said) > mostQuestionBytes)
    faults.push({ path, message: `must not be more than ${mostQuestionBytes / 1_000} KB in all` })
  return faults
}

/** How much is kept of questions, of a question. */
export function bytesOf(said: unknown): number {
  return Buffer.byteLength(JSON.stringify(said))
}

function faultsByType({ type, options, answer, accepted, items, pairs }: NewQuestion): FieldFault[] {
  switch (type) {
    case 'single':
    case 'multiple':
      return faultsOfOptions(type, options ?? [])
    case 'true_false':
      return typeof answer === 'boolean' ? [] : [{ path: '/answer', message: 'must be true or false' }]
    case 'numeric':
      return typeof answer === 'number' ? [] : [{ path: '/answer', message: 'must be a number' }]
    case 'short_text':
      return accepted?.length ? [] : [{ path: '/accepted', message: 'must have at least one answer' }]
    case 'ordering':
      return faultsOfChoices('/items', items ?? [])
    case 'matching':
      return faultsOfChoices(
        '/pairs',
        (pairs ?? []).map(({ left }) => left),
        '/left',
      )
  }
}

function faultsOfOptions(type: 'single' | 'multiple', options: readonly AuthoredOption[]): FieldFault[] {
  const right = options.filter(({ correct }) => correct).length
  const texts = options.map(({ text }) => text)
  const faults = faultsOfChoices('/options', texts, '/text')
  if (options.length > 0 && right === 0) faults.push({ path: '/options', message: 'must have a correct one' })
  if (type === 'single' && right > 1)
    faults.push({
      path: '/options',
      message: 'must have one correct one only; or make it a multiple question',
    })
  return faults
}

/** At least two, and no two that a student could not tell apart. */
function faultsOfChoices(path: string, texts: readonly string[], field = ''): FieldFault[] {
  const few = texts.length < 2 ? [{ path, message: 'must have at least two' }] : []
  const seen = new Set<string>()
  const repeated = texts.flatMap((text, index) => {
    const known = seen.has(text.trim())
    seen.add(text.trim())
    return known ? [{ path: `${path}/${index}${field}`, message: 'is there already' }] : []
  })
  return [...few, ...repeated]
}

/** The question that was said, without the fields that are not its type's. Its faults were looked for before. */
export function asQuestion(said: NewQuestion): Question {
  const { type, text, points, explanation = null, tags = [] } = said
  const common = { text, points, explanation, tags: [...new Set(tags.map((tag) => tag.trim()))] }
  switch (type) {
    case 'single':
    case 'multiple':
      return { ...common, type, options: said.options ?? [] }
    case 'true_false':
      return { ...common, type, answer: said.answer === true }
    case 'numeric':
      return { ...common, type, answer: Number(said.answer), tolerance: said.tolerance ?? 0 }
    case 'short_text':
      return { ...common, type, accepted: said.accepted ?? [] }
    case 'ordering':
      return { ...common, type, items: said.items ?? [] }
    case 'matching':
      return { ...common, type, pairs: said.pairs ?? [] }
  }
}

/** A question with a change said over it; with another type go the fields that were the old one's. */
export function changed(question: Question, change: QuestionChange): NewQuestion {
  const { type = question.type } = change
  const { text, points, explanation, tags, ...own } = question
  const kept = fieldsOf[type].every((field) => fieldsOf[question.type].includes(field)) ? own : {}
  return { text, points, explanation, tags, ...kept, ...change, type }
}
