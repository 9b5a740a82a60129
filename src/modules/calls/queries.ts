import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { CallMedia, CallState } from '../../platform/database/schema.ts'
import { newId } from '../../platform/ids.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'
import type { EndReason } from './rules.ts'

export interface CallRow {
  readonly id: string
  readonly caller_id: string
  readonly callee_id: string
  readonly media: CallMedia
  readonly state: CallState
  readonly created_at: Date
  readonly answered_at: Date | null
  readonly ended_at: Date | null
  readonly end_reason: EndReason | null
  readonly caller: PersonCard
  readonly callee: PersonCard
}

interface NewCall {
  readonly from: string
  readonly to: string
  readonly media: CallMedia
}

/** The columns of a call that stands under a name in a statement. */
function columnsOf(name: string): RawBuilder<unknown> {
  return sql`${sql.table(name)}.*, ${personCard(`${name}.caller_id`)} as caller, ${personCard(`${name}.callee_id`)} as callee`
}

export async function findCall(db: Db, id: string): Promise<CallRow | undefined> {
  const { rows } = await sql<CallRow>`select ${columnsOf('calls')} from calls where id = ${id}`.execute(db)
  return rows[0]
}

/** A call, held until the transaction ends. */
export async function lockCall(tx: Tx, id: string): Promise<CallRow | undefined> {
  const { rows } = await sql<CallRow>`
    select ${columnsOf('calls')} from calls where id = ${id} for no key update of calls`.execute(tx)
  return rows[0]
}

/** Begins a ringing call, unless one of the two is in a call: undefined then. */
export async function insertCall(
  tx: Tx,
  { from, to, media }: NewCall,
  device: { socketId: string; at: Date },
): Promise<CallRow | undefined> {
  const id = newId()
  // In the order of their ids, so that two who call each other wait for each other in one direction only.
  const { rows } = await sql<CallRow & { parties: number }>`
    with made as (
      insert into calls (id, caller_id, callee_id, media, state, created_at)
      values (${id}, ${from}, ${to}, ${media}, 'ringing', ${device.at})
      returning *
    ), party as (
      insert into call_parties (user_id, call_id, socket_id, seen_at)
      select person.id, ${id}::uuid, person.socket_id, ${device.at}::timestamptz
      from (values (${from}::uuid, ${device.socketId}::text), (${to}::uuid, null)) as person (id, socket_id)
      order by person.id
      on conflict (user_id) do nothing
      returning user_id
    )
    select ${columnsOf('made')}, (select count(*) from party) as parties from made`.execute(tx)
  const [made] = rows
  if (made?.parties === 2) return made
  await tx.deleteFrom('calls').where('id', '=', id).execute()
  return undefined
}

/** A call that never rang, since the called person is in another. */
export async function insertBusyCall(tx: Tx, { from, to, media }: NewCall, at: Date): Promise<CallRow> {
  const { rows } = await sql<CallRow>`
    with made as (
      insert into calls (id, caller_id, callee_id, media, state, created_at, ended_at, end_reason)
      values (${newId()}, ${from}, ${to}, ${media}, 'busy', ${at}, ${at}, 'busy')
      returning *
    )
    select ${columnsOf('made')} from made`.execute(tx)
  const [made] = rows
  if (!made) throw new Error('The call that was made is not there.')
  return made
}

/** The live calls that any of these people is in, held until the transaction ends; `caller_socket` is the device that called. */
export async function lockLiveCallsOf(
  tx: Tx,
  userIds: readonly string[],
): Promise<(CallRow & { caller_socket: string | null })[]> {
  const { rows } = await sql<CallRow & { caller_socket: string | null }>`
    select ${columnsOf('calls')},
      (select socket_id from call_parties where call_parties.user_id = calls.caller_id) as caller_socket
    from calls
    where id = any(array(select call_id from call_parties where user_id = any(${userIds}::uuid[])))
      and state in ('ringing', 'active')
    order by id for no key update of calls`.execute(tx)
  return rows
}

/** A ringing call becomes active on a device of the called person; undefined where it does not ring for them (any more). */
export async function acceptRinging(
  tx: Tx,
  { callId, userId, socketId }: { callId: string; userId: string; socketId: string },
  at: Date,
): Promise<CallRow | undefined> {
  const { rows } = await sql<CallRow>`
    with taken as (
      update calls set state = 'active', answered_at = ${at}
      where id = ${callId} and callee_id = ${userId} and state = 'ringing'
      returning *
    ), device as (
      update call_parties set socket_id = ${socketId}, seen_at = ${at}
      from taken where call_parties.user_id = taken.callee_id
    )
    select ${columnsOf('taken')} from taken`.execute(tx)
  return rows[0]
}

/** Ends a call that is in a state, and frees its people; undefined where it is in another. */
export async function endCall(
  tx: Tx,
  end: { callId: string; from: CallState; to: CallState; reason: EndReason },
  cause: Cause,
): Promise<CallRow | undefined> {
  const { rows } = await sql<CallRow>`
    with over as (
      update calls set state = ${end.to}::call_state, ended_at = ${cause.at}, end_reason = ${end.reason}
      where id = ${end.callId} and state = ${end.from}::call_state
      returning *
    ), freed as (
      delete from call_parties using over where call_parties.call_id = over.id
    )
    select ${columnsOf('over')} from over`.execute(tx)
  return rows[0]
}

/** One side of a live call, and the device of the other. */
export interface Seat {
  readonly state: CallState
  readonly socket_id: string | null
  readonly other_socket_id: string | null
}

/** Where a person sits in a live call; undefined where it is not theirs, or over. */
export async function findSeat(
  db: Db,
  { callId, userId }: { callId: string; userId: string },
): Promise<Seat | undefined> {
  const { rows } = await sql<Seat>`
    select calls.state, own.socket_id, other.socket_id as other_socket_id
    from call_parties own
    join call_parties other on other.call_id = own.call_id and other.user_id <> own.user_id
    join calls on calls.id = own.call_id
    where own.user_id = ${userId} and own.call_id = ${callId}`.execute(db)
  return rows[0]
}

/** Another device takes a person's part in a call. @returns the device it was, or undefined where they are not in this call */
export async function updateDevice(
  tx: Tx,
  { callId, userId, socketId }: { callId: string; userId: string; socketId: string },
  at: Date,
): Promise<{ before: string | null } | undefined> {
  const { rows } = await sql<{ before: string | null }>`
    update call_parties set socket_id = ${socketId}, seen_at = ${at}
    from (
      select user_id, socket_id from call_parties where user_id = ${userId} and call_id = ${callId} for update
    ) as held
    where call_parties.user_id = held.user_id
    returning held.socket_id as before`.execute(tx)
  return rows[0]
}

/** These devices are connected at this moment. @returns those of them that take part in a call */
export async function updateSeen(
  tx: Tx,
  socketIds: readonly string[],
  at: Date,
): Promise<ReadonlySet<string | null>> {
  const rows = await tx
    .updateTable('call_parties')
    .set({ seen_at: at })
    .where(sql<SqlBool>`socket_id = any(${socketIds}::text[])`)
    .returning('socket_id')
    .execute()
  return new Set(rows.map(({ socket_id }) => socket_id))
}

/** When that device of a live call was seen that has been away for longest; null where it has none. */
export async function findLastSeen(db: Db, callId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('call_parties')
    .select((party) => party.fn.min('seen_at').as('seen_at'))
    .where('call_id', '=', callId)
    .where('socket_id', 'is not', null)
    .executeTakeFirst()
  return row?.seen_at ?? null
}

/** The live calls of which a device was last seen before a moment, or which began before another. */
export async function findAbandoned(db: Db, before: { seenAt: Date; startedAt: Date }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct calls.id
    from call_parties join calls on calls.id = call_parties.call_id
    where (call_parties.socket_id is not null and call_parties.seen_at <= ${before.seenAt})
      or calls.created_at <= ${before.startedAt}`.execute(db)
  return rows.map(({ id }) => id)
}

/** A person's calls, newest first. */
export async function findCallsOf(
  db: Db,
  userId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<CallRow[]> {
  // Each half by its own index, and no more of it than the page needs.
  const half = (side: 'caller_id' | 'callee_id') => sql`(
    select * from calls where ${sql.ref(side)} = ${userId} ${after === null ? sql`` : sql`and id < ${after}`}
    order by id desc limit ${limit})`
  const { rows } = await sql<CallRow>`
    select ${columnsOf('own')} from (${half('caller_id')} union all ${half('callee_id')}) as own
    order by id desc limit ${limit}`.execute(db)
  return rows
}

/** At most `limit` of the calls that ended before a moment. @returns how many went */
export async function deleteOldCalls(tx: Tx, which: { before: Date; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from calls where id in (
      select id from calls where ended_at < ${which.before} order by ended_at limit ${which.limit})`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}
