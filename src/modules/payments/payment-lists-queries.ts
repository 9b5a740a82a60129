import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { PaymentStatus } from '../../platform/database/schema.ts'
import type { MomentKey } from '../../platform/http/moments.ts'
import { type PaymentRow, paymentColumns } from './queries.ts'

/** What a person was asked to pay, newest first. */
export function findPaymentsOf(
  db: Db,
  userId: string,
  page: { after: string | null; limit: number },
): Promise<PaymentRow[]> {
  let query = db.selectFrom('payments').select(paymentColumns).where('user_id', '=', userId)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

export interface PaymentFilter {
  readonly status?: PaymentStatus
  readonly gateway?: string
  readonly from?: Date
  /** Not included. */
  readonly to?: Date
}

/** All payments, newest first. */
export function findPayments(
  db: Db,
  { status, gateway, from, to }: PaymentFilter,
  page: { after: MomentKey | null; limit: number },
): Promise<PaymentRow[]> {
  let query = db.selectFrom('payments').select(paymentColumns)
  if (status !== undefined) query = query.where('status', '=', status)
  if (gateway !== undefined) query = query.where('gateway', '=', gateway)
  if (from !== undefined) query = query.where('created_at', '>=', from)
  if (to !== undefined) query = query.where('created_at', '<', to)
  if (page.after !== null)
    query = query.where(
      sql<boolean>`(created_at, id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`,
    )
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()
}
