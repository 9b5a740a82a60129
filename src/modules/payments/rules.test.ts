import { describe, expect, it } from 'vitest'
import type { PaymentStatus } from '../../platform/database/schema.ts'
import { canBecome, judgeCapture, readReport, restOf } from './rules.ts'

const states: PaymentStatus[] = ['pending', 'captured', 'failed', 'refunded']
const allowed = new Set(['pending captured', 'pending failed', 'failed captured', 'captured refunded'])

describe('canBecome', () => {
  const moves = states.flatMap((from) =>
    states.map((to) => [from, to, allowed.has(`${from} ${to}`)] as const),
  )
  it.each(moves)('%s to %s: %s', (from, to, may) => expect(canBecome(from, to)).toBe(may))
})

describe('judgeCapture', () => {
  const asked = { amount: 500, currency: 'INR' }
  it.each([
    ['pending', 500, 'INR', false, 'pays'],
    ['failed', 500, 'INR', false, 'pays'],
    ['pending', 500, 'INR', true, 'paid_twice'],
    ['failed', 500, 'INR', true, 'paid_twice'],
    ['pending', 499, 'INR', false, 'amount_mismatch'],
    ['pending', 501, 'INR', false, 'amount_mismatch'],
    ['pending', 500, 'USD', false, 'amount_mismatch'],
    ['captured', 500, 'INR', true, 'captured_twice'],
    ['refunded', 500, 'INR', false, 'captured_twice'],
  ] as const)('%s, captured %i %s, another pays %s: %s', (status, amount, currency, paid, verdict) => {
    expect(judgeCapture({ status, asked }, { amount, currency }, paid)).toBe(verdict)
  })
})

type Facts = [id: string, amount: number, status: 'requested' | 'done' | 'failed']
const facts = (...all: Facts[]) => all.map(([id, amount, status]) => ({ id, amount, status }))

describe('restOf', () => {
  it('counts what is on its way back as gone, and what failed as there', () => {
    expect(restOf(500, facts(['a', 100, 'done'], ['b', 50, 'requested'], ['c', 300, 'failed']))).toBe(350)
  })
})

describe('readReport, of 500', () => {
  it.each([
    ['nothing known', facts(), 200, [], 200, []],
    ['our own, done', facts(['a', 200, 'done']), 200, [], 0, []],
    ['our own, under way', facts(['a', 200, 'requested']), 200, ['a'], 0, []],
    ['our own and more', facts(['a', 200, 'requested']), 300, ['a'], 100, []],
    ['less than is under way', facts(['a', 200, 'requested']), 150, [], 150, []],
    ['too much for what is under way', facts(['a', 400, 'requested']), 150, [], 150, ['a']],
    ['an old one', facts(['a', 200, 'done']), 100, [], 0, []],
    ['more than there was', facts(), 900, [], 500, []],
    ['what failed does not count', facts(['a', 500, 'failed']), 500, [], 500, []],
  ] as const)('%s', (_what, refunds, reported, done, elsewhere, impossible) => {
    expect(readReport(500, refunds, reported)).toEqual({ done, elsewhere, impossible })
  })
})
