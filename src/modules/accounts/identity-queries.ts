import { sql } from 'kysely'
import type { Role } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { UserStatus } from '../../platform/database/schema.ts'
import { type UserRow, userColumns } from './queries.ts'

/** Who an outside bearer is here. */
export interface Person {
  readonly userId: string
  readonly role: Role
  readonly status: UserStatus
}

export interface IdentityKey {
  readonly issuer: string
  readonly subject: string
}

/** Deleted people too: their bearer must not make them anew. */
export function findPerson(db: Db, { issuer, subject }: IdentityKey): Promise<Person | undefined> {
  return db
    .selectFrom('identities')
    .innerJoin('users', 'users.id', 'identities.user_id')
    .select(['users.id as userId', 'users.role', 'users.status'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
}

/** The account that has an e-mail address, held, and whether somebody signs in to it by an outside identity. */
export function lockUserByEmail(
  tx: Tx,
  email: string,
): Promise<(UserRow & { hasIdentity: boolean }) | undefined> {
  return tx
    .selectFrom('users')
    .select(userColumns)
    .select(
      sql<boolean>`exists (select from identities where identities.user_id = users.id)`.as('hasIdentity'),
    )
    .where('email', '=', email)
    .forUpdate('users')
    .executeTakeFirst()
}

/** False where the identity is somebody's already. */
export async function insertIdentity(
  tx: Tx,
  identity: IdentityKey & { userId: string; at: Date },
): Promise<boolean> {
  const { issuer, subject, userId, at } = identity
  const row = await tx
    .insertInto('identities')
    .values({ issuer, subject, user_id: userId, created_at: at })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
    .returning('user_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Takes back an account that this transaction made. */
export async function deleteNewUser(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('users').where('id', '=', id).execute()
}
