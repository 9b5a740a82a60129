import { type Selectable, type SqlBool, sql, type Updateable } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Coupons } from '../../platform/database/schema.ts'
import { isTaughtBy } from '../catalogue/index.ts'

const columns = [
  'id',
  'code',
  'percent_off',
  'amount_off',
  'currency',
  'course_id',
  'max_redemptions',
  'per_user',
  'starts_at',
  'ends_at',
  'redeemed',
  'created_at',
] as const

export type CouponRow = Pick<Selectable<Coupons>, (typeof columns)[number]>

/** Undefined where the code is taken. */
export function insertCoupon(
  tx: Tx,
  coupon: Omit<CouponRow, 'redeemed'> & { created_by: string },
): Promise<CouponRow | undefined> {
  return tx
    .insertInto('coupons')
    .values({ ...coupon, updated_at: coupon.created_at })
    .onConflict((conflict) => conflict.constraint('coupons_code').doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export function lockCoupon(tx: Tx, id: string): Promise<CouponRow | undefined> {
  return tx.selectFrom('coupons').select(columns).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

/**
 * Holds the coupons of the payments of a purchase that wait for money, and one more that is about to be used: whoever changes several
 * takes them in one order, so that nobody waits for who waits for them. The caller holds the purchase. Which ones is found first, as an
 * array: in a join PostgreSQL looks again at a row that it has waited for, and by some plans does not find it any more.
 */
export function lockCoupons(
  tx: Tx,
  which: { purchase: { userId: string; courseId: string }; id?: string; code?: string },
): Promise<CouponRow[]> {
  const { purchase, id = null, code = null } = which
  return tx
    .selectFrom('coupons')
    .select(columns)
    .where(
      sql<SqlBool>`id = any(array(
        select id from coupons where code = ${code} union all select ${id}::uuid union all select coupon_id from payments
        where user_id = ${purchase.userId} and course_id = ${purchase.courseId} and status = 'pending'))`,
    )
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

export function updateCoupon(
  tx: Tx,
  id: string,
  change: Updateable<Coupons> & { updated_at: Date },
): Promise<CouponRow> {
  return tx
    .updateTable('coupons')
    .set(change)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export interface CouponFilter {
  readonly courseId?: string
  readonly code?: string
  /** Those of the courses that this person teaches; null: all. */
  readonly taughtBy: string | null
}

/** Newest first. */
export function findCoupons(
  db: Db,
  filter: CouponFilter,
  page: { after: string | null; limit: number },
): Promise<CouponRow[]> {
  let query = db.selectFrom('coupons').select(columns)
  if (filter.taughtBy !== null) query = query.where(isTaughtBy('coupons.course_id', filter.taughtBy))
  if (filter.courseId !== undefined) query = query.where('course_id', '=', filter.courseId)
  if (filter.code !== undefined) query = query.where('code', '=', filter.code)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** How often a person has used a coupon, payments under way included. */
export async function countRedemptions(
  db: Db,
  { couponId, userId }: { couponId: string; userId: string },
): Promise<number> {
  const { count } = await db
    .selectFrom('coupon_redemptions')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('coupon_id', '=', couponId)
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return count
}

/** Notes a redemption and counts it, if the limit allows; false where it does not. A payment redeems once. */
export async function insertRedemption(
  tx: Tx,
  redemption: { couponId: string; paymentId: string; userId: string },
  cause: Pick<Cause, 'at'>,
): Promise<boolean> {
  const { couponId, paymentId, userId } = redemption
  const { rows } = await sql`
    with counted as (
      update coupons set redeemed = redeemed + 1
      where id = ${couponId} and ${sql<SqlBool>`(max_redemptions is null or redeemed < max_redemptions)`}
      returning id
    )
    insert into coupon_redemptions (payment_id, coupon_id, user_id, at)
    select ${paymentId}::uuid, id, ${userId}::uuid, ${cause.at}::timestamptz from counted
    returning payment_id`.execute(tx)
  return rows.length > 0
}

/** Gives a payment's redemption back; nothing happens where it has none (any more). */
export async function deleteRedemption(tx: Tx, paymentId: string): Promise<void> {
  await sql`
    with given as (delete from coupon_redemptions where payment_id = ${paymentId} returning coupon_id)
    update coupons set redeemed = redeemed - 1 from given where id = given.coupon_id`.execute(tx)
}
