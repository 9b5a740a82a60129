import { sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { EnrollmentSource } from '../../platform/database/schema.ts'
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
    .execute()
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
