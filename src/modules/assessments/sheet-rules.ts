import type { Question } from './question-rules.ts'
import type { QuestionType } from './schemas.ts'

/** Something to choose, under an id that is of this attempt only. */
export interface Choice {
  readonly id: string
  readonly text: string
}

/** A question as an attempt shows it: nothing in it tells what is right. */
export interface ShownQuestion {
  readonly id: string
  readonly type: QuestionType
  readonly text: string
  readonly points: number
  readonly options?: Choice[]
  readonly items?: Choice[]
  readonly lefts?: Choice[]
  readonly rights?: Choice[]
}

export interface Match {
  readonly left: string
  readonly right: string
}

/** What is right about a question of an attempt, by the ids of that attempt. */
export type Key = {
  readonly questionId: string
  readonly points: number
  readonly explanation: string | null
} & (
  | { readonly type: 'single'; readonly right: string }
  | { readonly type: 'multiple'; readonly right: string[] }
  | { readonly type: 'true_false'; readonly right: boolean }
  | { readonly type: 'numeric'; readonly right: number; readonly tolerance: number }
  | { readonly type: 'short_text'; readonly right: string[] }
  | { readonly type: 'ordering'; readonly right: string[] }
  | { readonly type: 'matching'; readonly right: Match[] }
)

/** Where chance and ids come from. */
export interface Dice {
  /** A whole number from 0 and less than `limit`. */
  below(limit: number): number
  id(): string
}

export interface Sheet {
  readonly questions: readonly ShownQuestion[]
  readonly key: readonly Key[]
}

/** Makes what one attempt asks and, apart from it, what is right. Items to be ordered or matched are mixed whatever `shuffle` says. */
export function makeSheet(
  questions: readonly (Question & { readonly id: string })[],
  { shuffle, dice }: { shuffle: boolean; dice: Dice },
): Sheet {
  const asked = (shuffle ? mixed(questions, dice) : questions).map((question) =>
    makeQuestion(question, { shuffle, dice }),
  )
  return { questions: asked.map(({ shown }) => shown), key: asked.map(({ key }) => key) }
}

function makeQuestion(
  question: Question & { readonly id: string },
  { shuffle, dice }: { shuffle: boolean; dice: Dice },
): { shown: ShownQuestion; key: Key } {
  const { id, type, text, points, explanation } = question
  const shown = { id, type, text, points }
  const common = { questionId: id, points, explanation }
  const inOrder = (texts: readonly string[]) => choices(shuffle ? mixed(texts, dice) : texts, dice)
  const inDisorder = (texts: readonly string[]) => choices(mixed(texts, dice), dice)
  switch (question.type) {
    case 'single':
    case 'multiple': {
      const options = inOrder(question.options.map((option) => option.text))
      const right = question.options
        .filter(({ correct }) => correct)
        .map((option) => idOf(options, option.text))
      const key: Key =
        question.type === 'single'
          ? { ...common, type: 'single', right: right[0] ?? '' }
          : { ...common, type: 'multiple', right }
      return { shown: { ...shown, options }, key }
    }
    case 'true_false':
      return { shown, key: { ...common, type: 'true_false', right: question.answer } }
    case 'numeric': {
      const { answer: right, tolerance } = question
      return { shown, key: { ...common, type: 'numeric', right, tolerance } }
    }
    case 'short_text':
      return { shown, key: { ...common, type: 'short_text', right: question.accepted } }
    case 'ordering': {
      const items = inDisorder(question.items)
      const right = question.items.map((item) => idOf(items, item))
      return { shown: { ...shown, items }, key: { ...common, type: 'ordering', right } }
    }
    case 'matching': {
      const lefts = inOrder(question.pairs.map(({ left }) => left))
      // Two pairs may share their right side: it is shown once, and may be taken twice.
      const rights = inDisorder([...new Set(question.pairs.map((pair) => pair.right))])
      const right = question.pairs.map((pair) => ({
        left: idOf(lefts, pair.left),
        right: idOf(rights, pair.right),
      }))
      return { shown: { ...shown, lefts, rights }, key: { ...common, type: 'matching', right } }
    }
  }
}

/** The ids are made in the order that is shown, so that theirs tells nothing more. */
function choices(texts: readonly string[], dice: Dice): Choice[] {
  return texts.map((text) => ({ id: dice.id(), text }))
}

function idOf(choices: readonly Choice[], text: string): string {
  return choices.find((choice) => choice.text === text)?.id ?? ''
}

/** Each order is as likely as any other (Fisher and Yates). */
function mixed<T>(items: readonly T[], dice: Dice): T[] {
  const mixing = [...items]
  for (let last = mixing.length - 1; last > 0; last--) {
    const other = dice.below(last + 1)
    const [a, b] = [mixing[last], mixing[other]]
    mixing.splice(last, 1, b as T)
    mixing.splice(other, 1, a as T)
  }
  return mixing
}
