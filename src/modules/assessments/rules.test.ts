import { describe, expect, it } from 'vitest'
import { closingOf, deadlineOf, isOver, isRevealed, type RevealFacts } from './rules.ts'

const deadline = new Date('2026-03-01T10:00:00.000Z')
const later = (ms: number) => new Date(deadline.getTime() + ms)

describe('time', () => {
  it.each([
    ['before the deadline', -1, false],
    ['at the deadline', 0, false],
    ['within the grace of the network', 5_000, false],
    ['after it', 5_001, true],
  ])('%s', (_, ms, over) => {
    expect(isOver(deadline, later(ms))).toBe(over)
    expect(closingOf(deadline, later(ms))).toEqual(
      over ? { status: 'expired', submittedAt: deadline } : { status: 'submitted', submittedAt: later(ms) },
    )
  })
  it('is never over without a limit', () => {
    expect(deadlineOf(deadline, null)).toBeNull()
    expect(deadlineOf(deadline, 60)).toEqual(later(60_000))
    expect(isOver(null, later(1e12))).toBe(false)
    expect(closingOf(null, deadline)).toEqual({ status: 'submitted', submittedAt: deadline })
  })
})

describe('what was right is shown', () => {
  const facts: RevealFacts = {
    status: 'submitted',
    reveal: 'after_submit',
    everPassed: false,
    closedAttempts: 1,
    maxAttempts: 2,
  }
  it.each([
    ['never', { reveal: 'never', everPassed: true, closedAttempts: 2 }, false],
    ['after_submit: at once', {}, true],
    ['after_submit: also of an expired one', { status: 'expired' }, true],
    ['after_submit: not of an open one', { status: 'open' }, false],
    ['after_pass: not before', { reveal: 'after_pass' }, false],
    ['after_pass: once any attempt passed', { reveal: 'after_pass', everPassed: true }, true],
    ['after_pass: not of an open one', { reveal: 'after_pass', everPassed: true, status: 'open' }, false],
    ['after_last_attempt: one is left', { reveal: 'after_last_attempt' }, false],
    ['after_last_attempt: none is left', { reveal: 'after_last_attempt', closedAttempts: 2 }, true],
    [
      'after_last_attempt: the last is open',
      { reveal: 'after_last_attempt', closedAttempts: 1, status: 'open' },
      false,
    ],
    [
      'after_last_attempt: without a limit there is no last',
      { reveal: 'after_last_attempt', maxAttempts: null, closedAttempts: 99 },
      false,
    ],
  ] satisfies [string, Partial<RevealFacts>, boolean][])('%s', (_, change, shown) => {
    expect(isRevealed({ ...facts, ...change })).toBe(shown)
  })
})
