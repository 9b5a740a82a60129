import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'

/** A friendship or a request. */
export interface PairRow {
  readonly id: string
  readonly from_id: string
  readonly to_id: string
  readonly requested_at: Date
  readonly accepted_at: Date | null
}
/** As one of the two sees it: with the other one's card. */
export type SeenPair = PairRow & { readonly person: PersonCard }

export interface TwoPeople {
  readonly userId: string
  readonly otherId: string
}

interface PageOf {
  readonly after: string | null
  readonly limit: number
}

const columns = ['id', 'from_id', 'to_id', 'requested_at', 'accepted_at'] as const

/** What two people do about each other takes its turn until the transaction ends: a request cannot pass a block that is being made. */
export async function lockTwoPeople(tx: Tx, { userId, otherId }: TwoPeople): Promise<void> {
  const pair = [userId, otherId].sort().join(' ')
  await sql`select pg_advisory_xact_lock(hashtextextended(${`friends ${pair}`}, 0))`.execute(tx)
}

/** Undefined where there is a row of the two already. */
export function insertRequest(
  tx: Tx,
  request: { fromId: string; toId: string; at: Date },
): Promise<PairRow | undefined> {
  const { fromId, toId, at } = request
  return tx
    .insertInto('friendships')
    .values({ id: newId(), from_id: fromId, to_id: toId, requested_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .executeTakeFirst()
}

/** The row of two people, held. */
export function lockPair(tx: Tx, { userId, otherId }: TwoPeople): Promise<PairRow | undefined> {
  return tx
    .selectFrom('friendships')
    .select(columns)
    .where(isPair(userId, sql`${otherId}::uuid`))
    .forUpdate()
    .executeTakeFirst()
}

/** A request, or the friendship that it became, held. */
export function lockRequest(tx: Tx, id: string): Promise<PairRow | undefined> {
  return tx.selectFrom('friendships').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateAccepted(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('friendships').set({ accepted_at: at }).where('id', '=', id).execute()
}

export async function deletePair(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('friendships').where('id', '=', id).execute()
}

/** A row as one of the two sees it. */
export async function findPair(db: Db, userId: string, id: string): Promise<SeenPair | undefined> {
  const { rows } = await sql<SeenPair>`
    select pair.*, ${personCard('pair.other_id')} as person
    from (${pairsOf(userId)}) pair where id = ${id}`.execute(db)
  return rows[0]
}

/** The friends of a person, those first whose request came last. */
export async function listFriends(db: Db, userId: string, { after, limit }: PageOf): Promise<SeenPair[]> {
  const { rows } = await sql<SeenPair>`
    select pair.*, ${personCard('pair.other_id')} as person
    from (${pairsOf(userId)}) pair
    where accepted_at is not null and (${after}::uuid is null or id < ${after}::uuid)
    order by id desc limit ${limit}`.execute(db)
  return rows
}

/** The open requests to or from a person, the newest first. */
export async function listRequests(
  db: Db,
  side: 'to_id' | 'from_id',
  userId: string,
  { after, limit }: PageOf,
): Promise<SeenPair[]> {
  const { rows } = await sql<SeenPair>`
    select pair.*, ${personCard('pair.other_id')} as person
    from (${pairsOf(userId)}) pair
    where accepted_at is null and ${sql.ref(side)} = ${userId} and (${after}::uuid is null or id < ${after}::uuid)
    order by id desc limit ${limit}`.execute(db)
  return rows
}

function pairsOf(userId: string) {
  return sql`
    select id, from_id, to_id, requested_at, accepted_at, case from_id when ${userId} then to_id else from_id end as other_id
    from friendships where from_id = ${userId} or to_id = ${userId}`
}

function isPair(userId: string | RawBuilder<unknown>, other: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`least(from_id, to_id) = least(${other}, ${userId}::uuid)
    and greatest(from_id, to_id) = greatest(${other}, ${userId}::uuid)`
}

export async function deletePairsOf(tx: Tx, userId: string): Promise<void> {
  await sql`delete from friendships where from_id = ${userId} or to_id = ${userId}`.execute(tx)
}

/**
 * Whether a person is a friend of the one whose id stands in a column, as an expression to select by.
 * @param column such as `asked.id`
 * @param userId or a column too, by `sql.ref`
 */
export function isFriendOf(column: string, userId: string | RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select from friendships where ${isPair(userId, sql.ref(column))} and accepted_at is not null)`
}
