import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { holdCourse } from '../catalogue/index.ts'
import { couponTaken } from './coupon-errors.ts'
import { couponCreated, termsOf } from './coupon-events.ts'
import { requireMaker } from './coupon-policy.ts'
import { type CouponRow, insertCoupon } from './coupon-queries.ts'
import { isCode, normalizeCode } from './coupon-rules.ts'
import type { NewCoupon } from './coupon-schemas.ts'
import { requireOrder, termColumns } from './coupon-terms.ts'

const unsaid = {
  percent_off: null,
  amount_off: null,
  currency: null,
  max_redemptions: null,
  per_user: null,
  starts_at: null,
  ends_at: null,
}

export async function createCoupon(tx: Tx, actor: Actor, said: NewCoupon): Promise<CouponRow> {
  const { code: saidCode, courseId = null, ...terms } = said
  const code = normalizeCode(saidCode)
  if (!isCode(code)) throw badField('/code', 'must be 3 to 40 of letters, digits, - and _')
  if (terms.percentOff === undefined && terms.amountOff === undefined)
    throw badField('/percentOff', 'is required, or amountOff')
  const columns = { ...unsaid, ...termColumns(terms) }
  requireOrder(columns.starts_at, columns.ends_at)
  const course = courseId === null ? undefined : await holdCourse(tx, courseId)
  requireMaker(actor, course, { courseId })
  const coupon = await insertCoupon(tx, {
    ...columns,
    id: newId(),
    code,
    course_id: courseId,
    created_by: actor.userId,
    created_at: actor.at,
  })
  if (!coupon) throw refuse(couponTaken)
  await publish(tx, couponCreated, { couponId: coupon.id, code, to: termsOf(coupon) }, actor)
  return coupon
}
