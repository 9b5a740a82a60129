import type { SavedAnswer } from './answer-rules.ts'
import type { AnswerValue } from './attempt-schemas.ts'
import type { Key } from './sheet-rules.ts'

/** How much of a question is answered rightly: from 0 to 1. What each type gives for a part is said in the module's README. */
export function creditFor(key: Key, value: AnswerValue | undefined): number {
  if (value === undefined || value === null) return 0
  switch (key.type) {
    case 'single':
    case 'true_false':
      return value === key.right ? 1 : 0
    case 'multiple':
      return creditForOptions(key.right, value)
    case 'numeric':
      return typeof value === 'number' && isWithin(key.tolerance, key.right, value) ? 1 : 0
    case 'short_text':
      return typeof value === 'string' && key.right.some((text) => folded(text) === folded(value)) ? 1 : 0
    case 'ordering':
      return Array.isArray(value) ? share(key.right, (id, place) => value[place] === id) : 0
    case 'matching':
      return creditForPairs(key.right, value)
  }
}

/** One option too many takes back what one right option gives, so that to pick all is worth nothing more. */
function creditForOptions(right: readonly string[], value: AnswerValue): number {
  if (!Array.isArray(value)) return 0
  const hits = value.filter((id) => typeof id === 'string' && right.includes(id)).length
  return Math.max(0, hits - (value.length - hits)) / right.length
}

function creditForPairs(right: readonly { left: string; right: string }[], value: AnswerValue): number {
  if (!Array.isArray(value)) return 0
  return share(right, (pair) =>
    value.some(
      (given) => typeof given === 'object' && given.left === pair.left && given.right === pair.right,
    ),
  )
}

function share<T>(items: readonly T[], holds: (item: T, index: number) => boolean): number {
  return items.filter(holds).length / items.length
}

/** The tolerance is inclusive as one reads it: 1.1 is within 0.1 of 1, though their difference in binary is a little more. */
function isWithin(tolerance: number, right: number, value: number): boolean {
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(right), Math.abs(value), tolerance)
  return Math.abs(value - right) <= tolerance + rounding
}

/**
 * Without case, in the letters' composed form (Unicode, normalization form C), accents kept, outer space trimmed. Upper case first, so
 * that letters with several lower cases, or none of one letter, meet: ß and SS, σ and ς.
 */
function folded(text: string): string {
  return text.trim().normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

export interface Score {
  /** Whole, and rounded down: 100 only where everything is right. */
  readonly scorePercent: number
  readonly results: readonly { readonly questionId: string; readonly points: number }[]
}

/** Grades what was saved; a question without an answer gives nothing. */
export function gradeAnswers(key: readonly Key[], answers: readonly SavedAnswer[]): Score {
  const values = new Map(answers.map(({ questionId, value }) => [questionId, value]))
  const credits = key.map((of) => creditFor(of, values.get(of.questionId)))
  const results = key.map(({ questionId, points }, index) => ({
    questionId,
    points: rounded(points * (credits[index] ?? 0)),
  }))
  const earned = results.reduce((sum, { points }) => sum + points, 0)
  const outOf = key.reduce((sum, { points }) => sum + points, 0)
  // Points are sums of fractions: what is missing of a whole percent by rounding alone is given.
  const percent = outOf === 0 ? 0 : Math.floor((earned * 100) / outOf + 1e-6)
  return { scorePercent: credits.every((credit) => credit === 1) ? 100 : Math.min(percent, 99), results }
}

/** Whether all of a question was earned, of which what was earned is kept rounded. */
export function isFull(key: Key, earned: number): boolean {
  return earned >= rounded(key.points)
}

/** To a millionth, so that thirds do not show all their digits. */
function rounded(points: number): number {
  return Math.round(points * 1e6) / 1e6
}
