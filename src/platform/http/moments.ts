import { isIdKey } from './pagination.ts'
import { badField } from './refusal.ts'

/** @throws Refusal 400 for what has the form of a moment and is none, such as a leap second */
export function readMoment(text: string, path: string): Date {
  const moment = new Date(text)
  if (Number.isNaN(moment.getTime())) throw badField(path, 'is not a moment in time')
  return moment
}

/** What the cursor of a list by time holds: the time of the last row, in ISO 8601 and UTC, and its id. */
export interface MomentKey {
  readonly at: string
  readonly id: string
}

export function isMomentKey(value: unknown): value is MomentKey {
  if (typeof value !== 'object' || value === null || !('at' in value) || !('id' in value)) return false
  return typeof value.at === 'string' && isInstant(value.at) && isIdKey(value.id)
}

/** As it was written into the cursor; PostgreSQL knows no year 0. */
function isInstant(text: string): boolean {
  const at = new Date(text)
  return !Number.isNaN(at.getTime()) && at.toISOString() === text && /^(?!0000)\d{4}-/.test(text)
}
