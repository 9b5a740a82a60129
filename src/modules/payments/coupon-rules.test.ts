import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CouponTerms, discountOf, faultOf, isCode, normalizeCode } from './coupon-rules.ts'

const anywhere: CouponTerms = {
  percent_off: 10,
  amount_off: null,
  currency: null,
  course_id: null,
  starts_at: null,
  ends_at: null,
}
const percent = (percent_off: number): CouponTerms => ({ ...anywhere, percent_off })
const fixed = (amount_off: number, currency = 'INR'): CouponTerms => ({
  ...anywhere,
  percent_off: null,
  amount_off,
  currency,
})

describe('discountOf', () => {
  it.each([
    [percent(10), 49_900, 4_990],
    [percent(33), 100, 33],
    [percent(33), 99, 32], // 32.67
    [percent(1), 99, 0], // 0.99
    [percent(1), 100, 1],
    [percent(99), 1, 0],
    [percent(50), 1, 0],
    [percent(50), 3, 1],
    [percent(100), 49_901, 49_901],
    [percent(100), 1, 1],
    [percent(99), Number.MAX_SAFE_INTEGER, 8_917_127_262_193_581],
    [fixed(10_000), 49_900, 10_000],
    [fixed(49_900), 49_900, 49_900],
    [fixed(50_000), 49_900, 49_900],
    [fixed(1), 1, 1],
  ])('%j off %i: %i', (coupon, amount, discount) => {
    expect(discountOf(coupon, { amount, currency: 'INR' })).toEqual({ amount: discount, currency: 'INR' })
  })
  it('is the exact share rounded down, between nothing and everything, for every price', () => {
    assert(
      property(integer({ min: 1, max: 100 }), integer({ min: 0, max: 2 ** 31 - 1 }), (share, half) => {
        const amount = half * 2 ** 20
        const discount = discountOf(percent(share), { amount, currency: 'JPY' }).amount
        expect(BigInt(discount)).toBe((BigInt(amount) * BigInt(share)) / 100n)
      }),
    )
  })
})

describe('faultOf', () => {
  const at = new Date('2026-01-31T09:30:00.000Z')
  const use = { courseId: 'here', price: { amount: 100, currency: 'INR' }, at }
  it.each([
    ['anywhere', anywhere, null],
    ['this course', { ...anywhere, course_id: 'here' }, null],
    ['another course', { ...anywhere, course_id: 'there' }, 'is not for this course'],
    ['from this moment', { ...anywhere, starts_at: at }, null],
    ['from a moment later', { ...anywhere, starts_at: new Date(at.getTime() + 1) }, 'is not valid yet'],
    ['until this moment', { ...anywhere, ends_at: at }, 'has expired'],
    ['until a moment later', { ...anywhere, ends_at: new Date(at.getTime() + 1) }, null],
    ['the same currency', fixed(10), null],
    ['another currency', fixed(10, 'USD'), 'is in USD, and the course is priced in INR'],
  ])('%s: %3$s', (_, coupon, fault) => expect(faultOf(coupon, use)).toBe(fault))
})

describe('codes', () => {
  it.each([
    [' spring-26 ', 'SPRING-26', true],
    ['a_b', 'A_B', true],
    ['ab', 'AB', false],
    ['A'.repeat(40), 'A'.repeat(40), true],
    ['A'.repeat(41), 'A'.repeat(41), false],
    ['ÄRGER', 'ÄRGER', false],
    ['straße', 'STRASSE', true],
    ['a b', 'A B', false],
  ])('%j is kept as %j: %s', (said, code, good) => {
    expect(normalizeCode(said)).toBe(code)
    expect(isCode(code)).toBe(good)
  })
})
