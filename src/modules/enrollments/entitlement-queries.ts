import { type RawBuilder, sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { EnrollmentSource } from '../../platform/database/schema.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { newId } from '../../platform/ids.ts'

/** A reason for which a person may use a course. */
export interface Entitlement {
  readonly source: EnrollmentSource
  /** Of a purchase: the payment's id. */
  readonly reference: string | null
}

type EntitlementOf = Entitlement & { readonly enrollmentId: string }

/** Nothing changes where it is noted already. */
export async function insertEntitlement(tx: Tx, entitlement: EntitlementOf, cause: Cause): Promise<void> {
  const { enrollmentId, source, reference } = entitlement
  await tx
    .insertInto('enrollment_entitlements')
    .values({
      id: newId(),
      enrollment_id: enrollmentId,
      source,
      reference,
      granted_by: cause.userId,
      granted_at: cause.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .modifyEnd(answerNotRead)
    .execute()
}

/**
 * Whether an entitlement, of this alias, is the last word on a purchase that stands: given up by the student, it may be taken up again.
 */
export function isStanding(alias: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  return sql<boolean>`(${column('source')} = 'purchase'
    and (${column('revoked_at')} is null or ${column('revoke_reason')} = 'cancelled_by_student')
    and not exists (select from enrollment_entitlements later where later.source = 'purchase'
      and later.reference = ${column('reference')} and later.id > ${column('id')}))`
}

/** Whether the access that a payment gave was ended by an admin, and what was bought with it. */
export async function isPurchaseEnded(db: Db, paymentId: string): Promise<boolean> {
  const { rows } = await sql<{ ended: boolean }>`
    select coalesce(revoke_reason = 'cancelled_by_admin', false) as ended from enrollment_entitlements
    where source = 'purchase' and reference = ${paymentId} order by id desc limit 1`.execute(db)
  return rows[0]?.ended === true
}

/** Notes of a purchase that was given up that its money went back. */
export async function updateGivenUp(tx: Tx, reference: string, reason: string): Promise<void> {
  await sql`
    update enrollment_entitlements set revoke_reason = ${reason}
    where source = 'purchase' and reference = ${reference} and revoke_reason = 'cancelled_by_student'`.execute(
    tx,
  )
}

/**
 * Ends the purchases that stand with a cancelled enrollment, with a line of its history.
 * @returns whether there were any
 */
export async function endStanding(
  tx: Tx,
  { enrollmentId, reason }: { enrollmentId: string; reason: string },
  cause: Cause,
): Promise<boolean> {
  const { rows } = await sql`
    with ended as (
      update enrollment_entitlements given set revoke_reason = ${reason}
      where enrollment_id = ${enrollmentId} and revoke_reason = 'cancelled_by_student' and ${isStanding('given')}
      returning enrollment_id
    ), noted as (
      insert into enrollment_history (id, enrollment_id, from_status, to_status, user_id, reason, at)
      select ${newId()}::uuid, enrollment_id, 'cancelled', 'cancelled', ${cause.userId}::uuid, ${reason},
        ${cause.at}::timestamptz from ended limit 1
    )
    select from ended`.execute(tx)
  return rows.length > 0
}

/** @returns whether there was such a live one */
export async function revokeOne(
  tx: Tx,
  entitlement: EntitlementOf,
  why: { reason: string; cause: Cause },
): Promise<boolean> {
  const { enrollmentId, source, reference } = entitlement
  const { rows } = await sql`
    update enrollment_entitlements set revoked_at = greatest(granted_at, ${why.cause.at}), revoke_reason = ${why.reason}
    where enrollment_id = ${enrollmentId} and source = ${source}
      and reference is not distinct from ${reference}::uuid and revoked_at is null
    returning id`.execute(tx)
  return rows.length > 0
}

export async function hasLiveEntitlement(db: Db, enrollmentId: string): Promise<boolean> {
  const row = await db
    .selectFrom('enrollment_entitlements')
    .select('id')
    .where('enrollment_id', '=', enrollmentId)
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
