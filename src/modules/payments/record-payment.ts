import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { holdCourse, priceOf, requireVisible } from '../catalogue/index.ts'
import { enroll } from '../enrollments/index.ts'
import { applyCoupon } from './apply-coupon.ts'
import { lockCoupons } from './coupon-queries.ts'
import { isCode, normalizeCode } from './coupon-rules.ts'
import { amountNotPayable, courseFree } from './errors.ts'
import { failPending } from './fail-payment.ts'
import type { Gateway } from './gateway.ts'
import { giveAccess } from './give-access.ts'
import {
  findPaying,
  findPayment,
  insertPayment,
  lockPurchase,
  type PaymentRow,
  type Purchase,
} from './queries.ts'
import { markCaptured } from './settle-capture.ts'
import { findStanding } from './standing-purchase.ts'

export interface Recorded {
  readonly payment: PaymentRow
  /** False where it was paid before, and access is given back. */
  readonly begun: boolean
}

/**
 * Records that somebody wants to pay for a course: what the course costs, less the coupon. Their earlier attempts fail. Where
 * nothing is left to pay the access is given at once; where they have paid already and had given it up, too; not where an admin had ended it.
 */
export async function recordPayment(
  tx: Tx,
  actor: Actor,
  wish: { courseId: string; gateway: Pick<Gateway, 'name' | 'objectionTo'>; coupon?: string },
): Promise<Recorded> {
  const { courseId, gateway } = wish
  const purchase = { userId: actor.userId, courseId }
  await lockPurchase(tx, purchase)
  const course = requireVisible(actor, await holdCourse(tx, courseId))
  const price = priceOf(course)
  if (!price && !(await findPaying(tx, purchase))) throw refuse(courseFree)
  const { enrollment } = await enroll(tx, actor, courseId)
  // Looked for now that no live enrollment is left, which an admin may have been ending.
  const paying = await findStanding(tx, purchase)
  const coupon = wish.coupon === undefined ? null : await lockCoupon(tx, purchase, wish.coupon)
  await failPending(tx, actor, { purchase, reason: 'superseded' })
  if (!price || paying) return { payment: await reopen(tx, actor, paying), begun: false }

  const id = newId()
  const used = coupon && (await applyCoupon(tx, actor, { ...coupon, course, price, paymentId: id }))
  const { amount, currency } = used?.price ?? price
  const objection = amount === 0 ? null : gateway.objectionTo({ amount, currency })
  if (objection !== null) throw refuse(amountNotPayable, objection)
  const payment = await insertPayment(
    tx,
    {
      id,
      user_id: actor.userId,
      course_id: courseId,
      enrollment_id: enrollment.id,
      gateway: amount === 0 ? 'coupon' : gateway.name,
      amount,
      currency,
      list_amount: price.amount,
      coupon_id: used?.couponId ?? null,
    },
    actor,
  )
  if (amount > 0) return { payment, begun: true }
  return { payment: await markCaptured(tx, actor, { payment, verdict: 'pays' }), begun: true }
}

/** Held together with those of the payments that are superseded. */
async function lockCoupon(tx: Tx, purchase: Purchase, said: string) {
  const code = normalizeCode(said)
  const locked = isCode(code) ? await lockCoupons(tx, { purchase, code }) : []
  return { coupon: locked.find((coupon) => coupon.code === code) }
}

async function reopen(tx: Tx, actor: Actor, paying: PaymentRow | undefined): Promise<PaymentRow> {
  if (!paying) throw refuse(courseFree)
  await giveAccess(tx, actor, paying)
  return (await findPayment(tx, paying.id)) ?? paying
}
