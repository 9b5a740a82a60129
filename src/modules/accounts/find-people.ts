import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Role } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'

export interface PersonContact {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** Finds people by their ids; those who are not there are left out. */
export function findPeople(db: Db, ids: readonly string[]): Promise<PersonContact[]> {
  return db
    .selectFrom('users')
    .select(['id', 'name', 'email'])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where('status', '<>', 'deleted')
    .execute()
}

/** The roles of people by their ids; those who are not there are left out. */
export async function findRoles(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Role>> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'role'])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where('status', '<>', 'deleted')
    .execute()
  return new Map(rows.map(({ id, role }) => [id, role]))
}

/** The ids of all admins who may act. */
export async function findActiveAdmins(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('status', '=', 'active')
    .execute()
  return rows.map(({ id }) => id)
}

/** The ids of people by their e-mail addresses, whatever the case of the letters, keyed as they were asked for. */
export async function findPeopleByEmail(db: Db, emails: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ asked: string; id: string }>`
    select asked.email as asked, users.id from unnest(${emails}::text[]) as asked (email)
    join users on users.email = asked.email::citext and users.status <> 'deleted'`.execute(db)
  return new Map(rows.map(({ asked, id }) => [asked, id]))
}

/** The same, held so that none of them is erased until the transaction ends. */
export async function holdPeopleByEmail(tx: Tx, emails: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ asked: string; id: string }>`
    select asked.email as asked, users.id from unnest(${emails}::text[]) as asked (email)
    join users on users.email = asked.email::citext and users.status <> 'deleted'
    order by users.id for share of users`.execute(tx)
  return new Map(rows.map(({ asked, id }) => [asked, id]))
}

/**
 * How to reach the person whose id stands in a column, as an expression to select: for those who may know it.
 * @param column such as `enrollments.user_id`
 */
export function personContact(column: string): RawBuilder<PersonContact> {
  return sql<PersonContact>`(
    select json_build_object('id', users.id, 'name', users.name, 'email', users.email)
    from users where users.id = ${sql.ref(column)})`
}

/**
 * Whether a word of the name or the e-mail address of the person in a column begins so, as an expression to select by.
 * @param how `one by one`: never by the index of names, of whose words a letter or a mail domain has the whole school
 */
export function personFits(column: string, wanted: string, how?: 'one by one'): RawBuilder<SqlBool> {
  // With an offset the subquery is not made a join.
  return sql<SqlBool>`exists (
    select from users
    where users.id = ${sql.ref(column)} and status <> 'deleted'
      and search like '% ' || lower(trim(translate(${wanted}, '@._+-%\\', '       '))) || '%'
    ${how ? sql`offset 0` : sql``})`
}

/** Those of these people who are there and not suspended, held so that none is erased until the transaction ends. */
export function holdPeopleToTell(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; verified: boolean }[]> {
  return tx
    .selectFrom('users')
    .select(['id', sql<boolean>`email_verified_at is not null`.as('verified')])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where('status', '=', 'active')
    .orderBy('id')
    .forKeyShare()
    .execute()
}

export interface Addressee {
  readonly id: string
  readonly email: string
  readonly verified: boolean
  /** IANA; null: not told. */
  readonly timezone: string | null
}

/** Where to write to people: those who are there and not suspended. */
export function findAddressees(db: Db, ids: readonly string[]): Promise<Addressee[]> {
  return db
    .selectFrom('users')
    .select(['id', 'email', sql<boolean>`email_verified_at is not null`.as('verified'), 'timezone'])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where('status', '=', 'active')
    .execute()
}
