import { sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

/**
 * Makes a person's row tell nothing of them any more; what other tables keep of them (payments, certificates) still has somebody to
 * point to.
 */
export async function anonymizeUser(tx: Tx, id: string, at: Date): Promise<void> {
  await tx
    .updateTable('users')
    .set({
      email: `deleted-${id}@deleted.invalid`,
      email_verified_at: null,
      password_hash: null,
      name: 'Deleted user',
      status: 'deleted',
      headline: null,
      bio: null,
      locale: null,
      timezone: null,
      avatar_key: null,
      updated_at: at,
    })
    .where('id', '=', id)
    .execute()
}

/**
 * Erases links, devices, addresses (of the audit log, too) and remembered answers. The bare rows of the sessions stay until the clean-up: they are what keeps
 * their access tokens refused after a restart.
 */
export async function eraseTraces(tx: Tx, userId: string): Promise<void> {
  await sql`
    with links as (delete from one_time_links where user_id = ${userId}),
      answers as (delete from idempotency_keys where user_id = ${userId}),
      places as (update events set address = null where audited and user_id = ${userId} and address is not null)
    update sessions set user_agent = '', address = '' where user_id = ${userId}`.execute(tx)
}

/**
 * Erases the outside identities of people who were deleted before a time. Until then they keep a bearer that is still valid at the
 * provider from making the person anew.
 */
export async function deleteIdentitiesOfDeleted(tx: Tx, before: Date): Promise<void> {
  await sql`
    delete from identities using users
    where users.id = identities.user_id and users.status = 'deleted' and users.updated_at < ${before}`.execute(
    tx,
  )
}

/** Takes away every outside way in to an account. */
export async function deleteIdentities(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('identities').where('user_id', '=', userId).execute()
}
