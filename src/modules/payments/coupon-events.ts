import { type Static, Type } from 'typebox'
import { type AuditRule, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'
import type { CouponRow } from './coupon-queries.ts'

const Limit = Type.Union([Type.Integer(), Type.Null()])
const Moment = Type.Union([Type.String(), Type.Null()])
/** What a coupon gives; `amountOff` in minor units of `currency`. */
const Terms = Type.Object({
  percentOff: Limit,
  amountOff: Limit,
  currency: Type.Union([Type.String(), Type.Null()]),
  maxRedemptions: Limit,
  perUser: Limit,
  startsAt: Moment,
  endsAt: Moment,
})
const audit: AuditRule<'couponId'> = { when: 'always', subject: 'coupon', ids: ['couponId'] }

export const couponCreated = defineUnheardEvent(
  'coupon.created',
  Type.Object({ couponId: Id, code: Type.String(), to: Terms }),
  audit,
)
export const couponChanged = defineUnheardEvent(
  'coupon.changed',
  Type.Object({ couponId: Id, code: Type.String(), from: Terms, to: Terms }),
  audit,
)

export function termsOf(coupon: CouponRow): Static<typeof Terms> {
  return {
    percentOff: coupon.percent_off,
    amountOff: coupon.amount_off,
    currency: coupon.currency,
    maxRedemptions: coupon.max_redemptions,
    perUser: coupon.per_user,
    startsAt: coupon.starts_at?.toISOString() ?? null,
    endsAt: coupon.ends_at?.toISOString() ?? null,
  }
}
