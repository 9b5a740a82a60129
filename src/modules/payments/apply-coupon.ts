import type { Actor, Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { badField, refuse } from '../../platform/http/refusal.ts'
import type { Money } from '../../platform/money.ts'
import { couponExhausted } from './coupon-errors.ts'
import {
  type CouponRow,
  countRedemptions,
  deleteRedemption,
  insertRedemption,
  lockCoupons,
} from './coupon-queries.ts'
import { discountOf, faultOf } from './coupon-rules.ts'
import type { PaymentRow } from './queries.ts'

/**
 * Lowers the price of a payment that is about to be written, and takes one redemption of the coupon for it. Those who use one coupon
 * take turns on its row, so that its limits hold. End the payment that this one supersedes before, or its redemption counts, too.
 * @param use.coupon locked; undefined where the code is none
 * @throws Refusal 400 at `/coupon` where it does not fit, 409 `coupon_exhausted`
 */
export async function applyCoupon(
  tx: Tx,
  actor: Actor,
  use: { coupon: CouponRow | undefined; course: { id: string }; price: Money; paymentId: string },
): Promise<{ couponId: string; discount: Money; price: Money }> {
  const { coupon, course, price, paymentId } = use
  const { userId } = actor
  if (!coupon) throw badField('/coupon', 'is not a coupon')
  const fault = faultOf(coupon, { courseId: course.id, price, at: actor.at })
  if (fault !== null) throw badField('/coupon', fault)
  const redemption = { couponId: coupon.id, paymentId, userId }
  if (await isUsedUpBy(tx, coupon, userId))
    throw refuse(couponExhausted, 'You have used this coupon as often as one person may.')
  if (!(await insertRedemption(tx, redemption, actor))) throw refuse(couponExhausted)
  const discount = discountOf(coupon, price)
  return { couponId: coupon.id, discount, price: { ...price, amount: price.amount - discount.amount } }
}

async function isUsedUpBy(tx: Tx, { id: couponId, per_user }: CouponRow, userId: string): Promise<boolean> {
  return per_user !== null && (await countRedemptions(tx, { couponId, userId })) >= per_user
}

/** Gives back what a payment took of its coupon: when it fails. Harmless where it took none, or gave it back already. */
export async function releaseCoupon(tx: Tx, paymentId: string): Promise<void> {
  await deleteRedemption(tx, paymentId)
}

/**
 * Takes the redemption of a payment again that had failed, and so given it back, and was captured after all.
 * @returns false where the coupon is used up by then: others have had the discount, this payment cannot have it as well
 */
export async function retakeCoupon(tx: Tx, cause: Cause, payment: PaymentRow): Promise<boolean> {
  const { id: paymentId, coupon_id: couponId, user_id: userId, course_id: courseId } = payment
  if (couponId === null || payment.status !== 'failed') return true
  const locked = await lockCoupons(tx, { purchase: { userId, courseId }, id: couponId })
  const coupon = locked.find(({ id }) => id === couponId)
  if (!coupon || (await isUsedUpBy(tx, coupon, userId))) return false
  return insertRedemption(tx, { couponId, paymentId, userId }, cause)
}
