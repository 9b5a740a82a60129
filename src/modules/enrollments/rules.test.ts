import { describe, expect, it } from 'vitest'
import type { EnrollmentStatus } from '../../platform/database/schema.ts'
import { canBecome, isEnrolled } from './rules.ts'

const states: EnrollmentStatus[] = ['pending', 'active', 'completed', 'cancelled']
const allowed = new Set([
  'pending active',
  'pending cancelled',
  'active completed',
  'active cancelled',
  'completed cancelled',
])

describe('canBecome', () => {
  const moves = states.flatMap((from) =>
    states.map((to) => [from, to, allowed.has(`${from} ${to}`)] as const),
  )
  it.each(moves)('%s to %s: %s', (from, to, may) => expect(canBecome(from, to)).toBe(may))
})

describe('isEnrolled', () => {
  it.each([
    [undefined, false],
    ['pending', false],
    ['active', true],
    ['completed', true],
    ['cancelled', false],
  ] as const)('%s: %s', (status, enrolled) => expect(isEnrolled(status)).toBe(enrolled))
})
