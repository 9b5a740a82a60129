import { sql } from 'kysely'
import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { isReachable } from './queries.ts'

/**
 * Whom among these people one may write to, call and see the presence of: friends, and teachers and students of one course, unless
 * either has blocked the other, or is suspended or gone. Whoever is not in it is told nothing more.
 */
export async function findReachable(
  db: Db,
  actor: Pick<Actor, 'userId'>,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select asked.id from unnest(${userIds}::uuid[]) as asked (id)
    where ${isReachable('asked.id', actor.userId)}`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
