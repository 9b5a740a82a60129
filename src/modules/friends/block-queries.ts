import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'
import type { TwoPeople } from './queries.ts'

export interface BlockRow {
  readonly id: string
  readonly blocked_id: string
  readonly created_at: Date
  readonly person: PersonCard
}

/** Whether it is new. */
export async function insertBlock(
  tx: Tx,
  block: { blockerId: string; blockedId: string; at: Date },
): Promise<boolean> {
  const { blockerId, blockedId, at } = block
  const inserted = await tx
    .insertInto('blocks')
    .values({ id: newId(), blocker_id: blockerId, blocked_id: blockedId, created_at: at })
    .onConflict((conflict) => conflict.constraint('blocks_pair').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Whether there was one. */
export async function deleteBlock(
  tx: Tx,
  { blockerId, blockedId }: { blockerId: string; blockedId: string },
): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('blocks')
    .where('blocker_id', '=', blockerId)
    .where('blocked_id', '=', blockedId)
    .returning('id')
    .executeTakeFirst()
  return deleted !== undefined
}

export async function deleteBlocksOf(tx: Tx, userId: string): Promise<void> {
  await sql`delete from blocks where blocker_id = ${userId} or blocked_id = ${userId}`.execute(tx)
}

/** Those of these people whom somebody has blocked, or who have blocked them. */
export async function findBlocked(
  db: Db,
  userId: string,
  otherIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select asked.id from unnest(${otherIds}::uuid[]) as asked (id)
    where ${isBlockedBetween('asked.id', userId)}`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

function selectBlocks(db: Db, blockerId: string) {
  return db
    .selectFrom('blocks')
    .select(['id', 'blocked_id', 'created_at', personCard('blocks.blocked_id').as('person')])
    .where('blocker_id', '=', blockerId)
}

export function findBlock(db: Db, { userId, otherId }: TwoPeople): Promise<BlockRow | undefined> {
  return selectBlocks(db, userId).where('blocked_id', '=', otherId).executeTakeFirst()
}

/** Whom a person has blocked, the last first. */
export function listBlocks(
  db: Db,
  blockerId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<BlockRow[]> {
  let query = selectBlocks(db, blockerId).orderBy('id', 'desc').limit(limit)
  if (after) query = query.where('id', '<', after)
  return query.execute()
}

/**
 * Whether a person and the one whose id stands in a column have blocked one another, whichever of them did, as an expression to
 * select by.
 * @param column such as `asked.id`
 */
export function isBlockedBetween(column: string, userId: string | RawBuilder<unknown>): RawBuilder<SqlBool> {
  const other = sql.ref(column)
  return sql<SqlBool>`exists (
    select from blocks
    where (blocker_id = ${other} and blocked_id = ${userId}) or (blocker_id = ${userId} and blocked_id = ${other}))`
}
