import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { LinkPurpose, UserStatus } from '../../platform/database/schema.ts'
import { type UserRow, userColumns } from './queries.ts'

export interface NewLink {
  readonly id: string
  readonly purpose: LinkPurpose
  readonly user_id: string
  readonly email: string
  readonly created_at: Date
  readonly expires_at: Date
}

export async function insertLink(tx: Tx, link: NewLink): Promise<void> {
  await tx.insertInto('one_time_links').values(link).execute()
}

/** Opens the one way to become the first admin; an earlier one stops working, since its id is gone. */
export async function replaceClaimLink(
  tx: Tx,
  link: { id: string; created_at: Date; expires_at: Date },
): Promise<void> {
  await sql`
    insert into one_time_links (id, purpose, created_at, expires_at)
    values (${link.id}, 'admin_claim', ${link.created_at}, ${link.expires_at})
    on conflict (purpose) where purpose = 'admin_claim' and used_at is null
    do update set id = excluded.id, created_at = excluded.created_at, expires_at = excluded.expires_at`.execute(
    tx,
  )
}

/** The person whose link it is, held. */
export function lockUserOfLink(tx: Tx, linkId: string): Promise<UserRow | undefined> {
  return tx
    .selectFrom('one_time_links')
    .innerJoin('users', 'users.id', 'one_time_links.user_id')
    .select(userColumns.map((column) => `users.${column}` as const))
    .where('one_time_links.id', '=', linkId)
    .forUpdate('users')
    .executeTakeFirst()
}

/** Takes a link, once: the address it was sent to, or undefined where it does not work (any more). */
export function useLink(
  tx: Tx,
  link: { id: string; purpose: LinkPurpose; at: Date },
): Promise<{ email: string | null } | undefined> {
  return tx
    .updateTable('one_time_links')
    .set({ used_at: link.at })
    .where('id', '=', link.id)
    .where('purpose', '=', link.purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', link.at)
    .returning('email')
    .executeTakeFirst()
}

/** Makes a person's other links of a kind useless. */
export async function voidLinks(tx: Tx, userId: string, purpose: LinkPurpose, at: Date): Promise<void> {
  await tx
    .updateTable('one_time_links')
    .set({ used_at: at })
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .execute()
}

export async function voidClaimLink(tx: Tx, at: Date): Promise<void> {
  await tx
    .updateTable('one_time_links')
    .set({ used_at: at })
    .where('purpose', '=', 'admin_claim')
    .where('used_at', 'is', null)
    .execute()
}

/** When the last link of a kind was made for a person. */
export async function findLastLinkTime(db: Db, userId: string, purpose: LinkPurpose): Promise<Date | null> {
  const { last } = await db
    .selectFrom('one_time_links')
    .select((select) => select.fn.max('created_at').as('last'))
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .executeTakeFirstOrThrow()
  return last
}

export interface LinkToMail {
  readonly purpose: LinkPurpose
  readonly email: string | null
  readonly used_at: Date | null
  readonly expires_at: Date
  readonly status: UserStatus
  readonly hasPassword: boolean
}

export function findLinkToMail(db: Db, id: string): Promise<LinkToMail | undefined> {
  return db
    .selectFrom('one_time_links')
    .innerJoin('users', 'users.id', 'one_time_links.user_id')
    .select(['purpose', 'one_time_links.email', 'used_at', 'expires_at', 'users.status'])
    .select(sql<boolean>`users.password_hash is not null`.as('hasPassword'))
    .where('one_time_links.id', '=', id)
    .executeTakeFirst()
}

/** At most `limit` of the links that have long stopped working; how many went. */
export async function deleteOldLinks(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('one_time_links')
    .where('id', 'in', (from) =>
      from
        .selectFrom('one_time_links')
        .select('id')
        .where((where) => where.or([where('expires_at', '<', before), where('used_at', '<', before)]))
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}
