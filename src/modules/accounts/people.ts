import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

/** What anybody may know of a person: the public part that other modules show beside their own things. */
export interface PersonCard {
  readonly id: string
  readonly name: string
  readonly headline: string | null
  readonly avatar_key: string | null
}

/**
 * The card of the person whose id stands in a column, as an expression to select: so another module's statement shows
 * people without a second one and without knowing our table.
 * @param column such as `course_instructors.user_id`
 */
export function personCard(column: string): RawBuilder<PersonCard> {
  return sql<PersonCard>`(
    select json_build_object('id', users.id, 'name', users.name, 'headline', users.headline, 'avatar_key', users.avatar_key)
    from users where users.id = ${sql.ref(column)})`
}

/**
 * Whether the person whose id stands in a column may use the service, as an expression to select by.
 * @param column such as `asked.id`
 */
export function isActivePerson(column: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from users where id = ${sql.ref(column)} and status = 'active')`
}

/**
 * Whether the person whose id stands in a column has a role that teaches, as an expression to select by: who teaches no more stays
 * noted at the courses they taught.
 * @param column such as `course_instructors.user_id`
 */
export function isTeacher(column: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from users where id = ${sql.ref(column)} and role in ('instructor', 'admin'))`
}

/**
 * Holds a person, neither suspended nor deleted, as such until the transaction ends.
 * @returns whether there is one
 */
export async function lockActivePerson(tx: Tx, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('status', '=', 'active')
    .forShare()
    .executeTakeFirst()
  return row !== undefined
}
