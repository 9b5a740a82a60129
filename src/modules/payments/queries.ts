import { type SqlBool, sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { PaymentStatus } from '../../platform/database/schema.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { newId } from '../../platform/ids.ts'
import type { Checkout } from './gateway.ts'
import { askedAfter } from './rules.ts'

export interface PaymentRow {
  readonly id: string
  readonly user_id: string
  readonly course_id: string
  readonly enrollment_id: string
  readonly gateway: string
  readonly status: PaymentStatus
  readonly amount: number
  readonly currency: string
  readonly list_amount: number
  readonly coupon_id: string | null
  readonly refunded_amount: number
  readonly reference: string | null
  readonly checkout: unknown
  readonly capture_reference: string | null
  readonly pays: boolean
  readonly failure_reason: string | null
  readonly created_at: Date
  readonly captured_at: Date | null
}

export const paymentColumns = [
  'id',
  'user_id',
  'course_id',
  'enrollment_id',
  'gateway',
  'status',
  'amount',
  'currency',
  'list_amount',
  'coupon_id',
  'refunded_amount',
  'reference',
  'checkout',
  'capture_reference',
  'pays',
  'failure_reason',
  'created_at',
  'captured_at',
] as const

export interface Purchase {
  readonly userId: string
  readonly courseId: string
}

/** Whatever moves money of one person for one course does so one after the other: taken before any row is. */
export async function lockPurchase(tx: Tx, { userId, courseId }: Purchase): Promise<void> {
  const name = `purchase ${userId} ${courseId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0)) ${answerNotRead}`.execute(tx)
}

export function findPayment(db: Db, id: string): Promise<PaymentRow | undefined> {
  return db.selectFrom('payments').select(paymentColumns).where('id', '=', id).executeTakeFirst()
}

export function findPaymentsOfUser(db: Db, userId: string): Promise<PaymentRow[]> {
  return db
    .selectFrom('payments')
    .select(paymentColumns)
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
}

export function findPaymentByReference(
  db: Db,
  { gateway, reference }: { gateway: string; reference: string },
): Promise<PaymentRow | undefined> {
  return db
    .selectFrom('payments')
    .select(paymentColumns)
    .where('gateway', '=', gateway)
    .where('reference', '=', reference)
    .executeTakeFirst()
}

/** The payment, with its purchase locked first. */
export async function lockPayment(tx: Tx, found: PaymentRow): Promise<PaymentRow> {
  await lockPurchase(tx, { userId: found.user_id, courseId: found.course_id })
  return tx
    .selectFrom('payments')
    .select(paymentColumns)
    .where('id', '=', found.id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
}

/** The payment that a person's access to a course rests on: there is at most one. */
export function findPaying(db: Db, { userId, courseId }: Purchase): Promise<PaymentRow | undefined> {
  return db
    .selectFrom('payments')
    .select(paymentColumns)
    .where('user_id', '=', userId)
    .where('course_id', '=', courseId)
    .where(sql<SqlBool>`pays`)
    .executeTakeFirst()
}

export type NewPayment = Pick<
  PaymentRow,
  | 'id'
  | 'user_id'
  | 'course_id'
  | 'enrollment_id'
  | 'gateway'
  | 'amount'
  | 'currency'
  | 'list_amount'
  | 'coupon_id'
>

export async function insertPayment(tx: Tx, payment: NewPayment, cause: Cause): Promise<PaymentRow> {
  const row = await tx
    .insertInto('payments')
    .values({
      ...payment,
      status: 'pending',
      created_at: cause.at,
      due_at: payment.gateway === 'coupon' ? null : askedAfter(cause.at),
    })
    .returning(paymentColumns)
    .executeTakeFirstOrThrow()
  await insertHistory(tx, { id: row.id, from: null, to: 'pending', reason: 'created' }, cause)
  return row
}

/**
 * Keeps what the gateway answered: its own name of the checkout, and where the browser goes. What was kept before stays: where two
 * repetitions of a request opened two checkouts, both browsers are sent to the one that we know of.
 */
export function updateCheckout(
  tx: Tx,
  opened: { id: string; reference: string; checkout: Checkout },
): Promise<PaymentRow> {
  return tx
    .updateTable('payments')
    .set({
      reference: sql<string>`coalesce(reference, ${opened.reference})`,
      checkout: sql<string>`coalesce(checkout, ${JSON.stringify(opened.checkout)}::jsonb)`,
      // one that nobody asked about any more, since its checkout was not known
      due_at: sql<Date>`coalesce(due_at, created_at)`,
    })
    .where('id', '=', opened.id)
    .returning(paymentColumns)
    .executeTakeFirstOrThrow()
}

/**
 * Keeps the gateway's own name of a checkout that a message tells of, where the answer to its opening never came: by it the gateway is
 * asked about the payment.
 */
export async function updateReference(tx: Tx, { id, gateway }: PaymentRow, reference: string): Promise<void> {
  await sql`
    update payments set reference = ${reference} where id = ${id} and reference is null
      and not exists (select from payments other where other.gateway = ${gateway} and other.reference = ${reference})`.execute(
    tx,
  )
}

export interface PaymentMove {
  readonly id: string
  readonly from: PaymentStatus
  readonly to: PaymentStatus
  readonly reason: string
}

/** Takes a payment, which the caller has locked, from one state to another, with its line of history. */
export async function updateStatus(
  tx: Tx,
  move: PaymentMove & { captureReference?: string; pays?: boolean },
  cause: Cause,
): Promise<PaymentRow> {
  const { id, from, to, reason, captureReference, pays = false } = move
  const captured = to === 'captured'
  const row = await tx
    .updateTable('payments')
    .set({
      status: to,
      pays,
      failure_reason: to === 'failed' ? reason : null,
      due_at: sql<Date>`case when gateway <> 'coupon' then coalesce(due_at, ${askedAfter(cause.at)}::timestamptz) end`,
      ...(captured ? { captured_at: cause.at, capture_reference: captureReference ?? null } : {}),
    })
    .where('id', '=', id)
    .where('status', '=', from)
    .returning(paymentColumns)
    .executeTakeFirstOrThrow()
  await insertHistory(tx, move, cause)
  return row
}

async function insertHistory(
  tx: Tx,
  { id, from, to, reason }: Omit<PaymentMove, 'from'> & { from: PaymentStatus | null },
  cause: Cause,
): Promise<void> {
  await tx
    .insertInto('payment_history')
    .values({
      id: newId(),
      payment_id: id,
      from_status: from,
      to_status: to,
      user_id: cause.userId,
      reason,
      at: cause.at,
    })
    .modifyEnd(answerNotRead)
    .execute()
}

/** The payments of a purchase that wait for money; the caller holds the purchase. */
export function lockPending(tx: Tx, { userId, courseId }: Purchase): Promise<PaymentRow[]> {
  return tx
    .selectFrom('payments')
    .select(paymentColumns)
    .where('user_id', '=', userId)
    .where('course_id', '=', courseId)
    .where('status', '=', 'pending')
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** Access rests on it no more; it stays captured. */
export async function updateNotPaying(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('payments').set({ pays: false }).where('id', '=', id).execute()
}

/** Another enrollment, where the one that was to be paid for had ended. */
export async function updateEnrollmentOf(tx: Tx, id: string, enrollmentId: string): Promise<void> {
  await tx.updateTable('payments').set({ enrollment_id: enrollmentId }).where('id', '=', id).execute()
}

export function updateRefunded(tx: Tx, id: string, amount: number): Promise<PaymentRow> {
  return tx
    .updateTable('payments')
    .set({ refunded_amount: sql<number>`refunded_amount + ${amount}` })
    .where('id', '=', id)
    .returning(paymentColumns)
    .executeTakeFirstOrThrow()
}
