import type { Updateable } from 'kysely'
import type { Coupons } from '../../platform/database/schema.ts'
import { readMoment } from '../../platform/http/moments.ts'
import { badField } from '../../platform/http/refusal.ts'
import { isCurrency, type Money } from '../../platform/money.ts'
import type { CouponChange } from './coupon-schemas.ts'

/** The columns that the said terms are kept in; those not said are left as they are. */
export function termColumns(said: CouponChange) {
  const { maxRedemptions, perUser, startsAt, endsAt } = said
  return {
    ...discountColumns(said),
    ...(maxRedemptions === undefined ? {} : { max_redemptions: maxRedemptions }),
    ...(perUser === undefined ? {} : { per_user: perUser }),
    ...(startsAt === undefined ? {} : { starts_at: momentOf(startsAt, '/startsAt') }),
    ...(endsAt === undefined ? {} : { ends_at: momentOf(endsAt, '/endsAt') }),
  } satisfies Updateable<Coupons>
}

function momentOf(text: string | null, path: string): Date | null {
  return text === null ? null : readMoment(text, path)
}

function discountColumns({ percentOff, amountOff }: { percentOff?: number; amountOff?: Money }) {
  if (percentOff !== undefined && amountOff !== undefined)
    throw badField('/amountOff', 'cannot be said beside percentOff')
  if (percentOff !== undefined) return { percent_off: percentOff, amount_off: null, currency: null }
  if (amountOff === undefined) return {}
  if (amountOff.amount === 0) throw badField('/amountOff/amount', 'must be more than nothing')
  if (!isCurrency(amountOff.currency))
    throw badField('/amountOff/currency', 'is not a currency of ISO 4217 in use')
  return { percent_off: null, amount_off: amountOff.amount, currency: amountOff.currency }
}

/** @throws Refusal 400 where it would end before it starts */
export function requireOrder(starts: Date | null, ends: Date | null): void {
  if (starts && ends && ends <= starts) throw badField('/endsAt', 'must be after startsAt')
}
