import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { couponChanged, termsOf } from './coupon-events.ts'
import { requireKeeper } from './coupon-policy.ts'
import { type CouponRow, lockCoupon, updateCoupon } from './coupon-queries.ts'
import type { CouponChange } from './coupon-schemas.ts'
import { requireOrder, termColumns } from './coupon-terms.ts'

/** Changes what a coupon gives from now on; payments under way keep their price. Its code and course stay. */
export async function changeCoupon(tx: Tx, actor: Actor, id: string, said: CouponChange): Promise<CouponRow> {
  const coupon = await lockCoupon(tx, id)
  if (!coupon) throw refuse(notFound)
  const course = coupon.course_id === null ? undefined : await findCourseFacts(tx, coupon.course_id)
  requireKeeper(actor, course)
  const change = termColumns(said)
  const after = { ...coupon, ...change }
  requireOrder(after.starts_at, after.ends_at)
  if (after.max_redemptions !== null && after.max_redemptions < coupon.redeemed)
    throw badField('/maxRedemptions', `must be at least ${coupon.redeemed}: so often it is used already`)
  const changed = await updateCoupon(tx, id, { ...change, updated_at: actor.at })
  const fact = { couponId: id, code: coupon.code, from: termsOf(coupon), to: termsOf(changed) }
  await publish(tx, couponChanged, fact, actor)
  return changed
}
