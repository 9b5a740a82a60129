import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'

export interface PersonContact {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** Finds people by their ids or by their e-mail addresses, whatever the case of the letters; those who are not there are left out. */
export async function findPeople(
  db: Db,
  by: { ids: readonly string[] } | { emails: readonly string[] },
): Promise<PersonContact[]> {
  const these =
    'ids' in by
      ? sql<SqlBool>`id = any(${by.ids}::uuid[])`
      : sql<SqlBool>`email = any(${by.emails}::text[]::citext[])`
  return db
    .selectFrom('users')
    .select(['id', 'name', 'email'])
    .where(these)
    .where('status', '<>', 'deleted')
    .execute()
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

/** Whether a word of the name or the e-mail address of the person in a column begins so, as an expression to select by. */
export function personFits(column: string, wanted: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} in (
    select users.id from users
    where status <> 'deleted'
      and search like '% ' || lower(trim(translate(${wanted}, '@._+-%\\', '       '))) || '%')`
}
