import type { Actor, Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { badField, refuse } from '../../platform/http/refusal.ts'
import type { Money } from '../../platform/money.ts'
import { couponExhausted } from './coupon-errors.ts'
import { countRedemptions, deleteRedemption, insertRedemption, lockCouponByCode } from './coupon-queries.ts'
import { discountOf, faultOf, isCode, normalizeCode } from './coupon-rules.ts'

/**
 * Lowers the price of a payment that is about to be written, and takes one redemption of the coupon for it. Those who use one coupon
 * take turns on its row, so that its limits hold. End the payment that this one supersedes before, or its redemption counts, too.
 * @throws Refusal 400 at `/coupon` where it does not fit, 409 `coupon_exhausted`
 */
export async function applyCoupon(
  tx: Tx,
  actor: Actor,
  use: { code: string; course: { id: string }; price: Money; paymentId: string },
): Promise<{ couponId: string; discount: Money; price: Money }> {
  const { course, price, paymentId } = use
  const { userId } = actor
  const code = normalizeCode(use.code)
  const coupon = isCode(code) ? await lockCouponByCode(tx, code) : undefined
  if (!coupon) throw badField('/coupon', 'is not a coupon')
  const fault = faultOf(coupon, { courseId: course.id, price, at: actor.at })
  if (fault !== null) throw badField('/coupon', fault)
  const couponId = coupon.id
  if (coupon.per_user !== null && (await countRedemptions(tx, { couponId, userId })) >= coupon.per_user)
    throw refuse(couponExhausted, 'You have used this coupon as often as one person may.')
  if (!(await insertRedemption(tx, { couponId, paymentId, userId }, actor))) throw refuse(couponExhausted)
  const discount = discountOf(coupon, price)
  return { couponId, discount, price: { ...price, amount: price.amount - discount.amount } }
}

/** Gives back what a payment took of its coupon: when it fails. Harmless where it took none, or gave it back already. */
export async function releaseCoupon(tx: Tx, paymentId: string): Promise<void> {
  await deleteRedemption(tx, paymentId)
}

/**
 * Takes the redemption of a payment again that had failed and was captured after all. Where the coupon is used up by then the
 * payment keeps the price that it was promised, and is not counted.
 */
export async function retakeCoupon(
  tx: Tx,
  cause: Cause,
  payment: { id: string; coupon_id: string | null; user_id: string },
): Promise<void> {
  const { id: paymentId, coupon_id: couponId, user_id: userId } = payment
  if (couponId !== null) await insertRedemption(tx, { couponId, paymentId, userId }, cause)
}
