import { sql } from 'kysely'
import type { Role } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { type UserRow, userColumns } from './queries.ts'

export interface UserFilter {
  readonly role: Role | undefined
  readonly status: 'active' | 'suspended' | undefined
}

/** Users, newest first; `after` is the id of the last one of the page before. */
export function listUsers(
  db: Db,
  filter: UserFilter,
  page: { after: string | null; limit: number },
): Promise<UserRow[]> {
  // A literal, so that the partial indexes fit the statement whatever its parameters.
  let query = db
    .selectFrom('users')
    .select(userColumns)
    .where(
      filter.status ? sql<boolean>`status = ${sql.lit(filter.status)}` : sql<boolean>`status <> 'deleted'`,
    )
    .orderBy('id', 'desc')
    .limit(page.limit)
  if (filter.role) query = query.where('role', '=', filter.role)
  if (page.after) query = query.where('id', '<', page.after)
  return query.execute()
}

/** Where a found user stands: by rank, then newest first. */
export interface FoundKey {
  readonly rank: number
  readonly id: string
}

/** Users by how well they fit what was typed (`find_people` in the migration tells how), each with its rank. */
export async function searchUsers(
  db: Db,
  wanted: string,
  { role, status }: UserFilter,
  page: { after: FoundKey | null; limit: number },
): Promise<(UserRow & { rank: number })[]> {
  const columns = sql.join(userColumns.map((column) => sql.ref(`users.${column}`)))
  const { rows } = await sql<UserRow & { rank: number }>`
    select ${columns}, found.rank
    from find_people(${wanted}, ${role ?? null}::user_role, ${status ?? null}::user_status,
      ${page.after?.rank ?? null}::integer, ${page.after?.id ?? null}::uuid, ${page.limit}::integer) as found
    join users on users.id = found.id
    order by found.rank desc, users.id desc`.execute(db)
  return rows
}
