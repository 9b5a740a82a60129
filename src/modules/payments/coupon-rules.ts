import type { Money } from '../../platform/money.ts'

export interface CouponTerms {
  readonly percent_off: number | null
  readonly amount_off: number | null
  readonly currency: string | null
  readonly course_id: string | null
  readonly starts_at: Date | null
  readonly ends_at: Date | null
}

/** Why a coupon cannot be used for a course at a time, in words for people; null where it can. Limits are the database's. */
export function faultOf(
  coupon: CouponTerms,
  use: { courseId: string; price: Money; at: Date },
): string | null {
  if (coupon.course_id !== null && coupon.course_id !== use.courseId) return 'is not for this course'
  if (coupon.starts_at && use.at < coupon.starts_at) return 'is not valid yet'
  if (coupon.ends_at && use.at >= coupon.ends_at) return 'has expired'
  if (coupon.currency !== null && coupon.currency !== use.price.currency)
    return `is in ${coupon.currency}, and the course is priced in ${use.price.currency}`
  return null
}

/**
 * What a coupon takes off a price: never more than the price. A percentage is rounded down to whole minor units, in favor of the
 * school: 33 % off 1.00 is 0.33, 33 % off 0.99 is 0.32 and not 0.33; nobody is ever given more than was promised.
 */
export function discountOf(coupon: CouponTerms, price: Money): Money {
  const { amount, currency } = price
  const off = coupon.percent_off === null ? (coupon.amount_off ?? 0) : percentOf(amount, coupon.percent_off)
  return { amount: Math.min(off, amount), currency }
}

/** Rounded down, and exact for every amount: the product alone could pass 2^53. */
function percentOf(amount: number, percent: number): number {
  const rest = amount % 100
  return ((amount - rest) / 100) * percent + Math.floor((rest * percent) / 100)
}

/** Codes are compared without case: as they are kept. */
export function normalizeCode(code: string): string {
  return code.trim().toUpperCase()
}

const codePattern = /^[A-Z0-9_-]{3,40}$/

/** Whether a normalized code can be one. */
export function isCode(code: string): boolean {
  return codePattern.test(code)
}
