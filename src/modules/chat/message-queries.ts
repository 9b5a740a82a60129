import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { type MediaCard, mediaCard } from '../media/index.ts'
import { isReachable } from './queries.ts'

export interface MessageRow {
  readonly id: string
  readonly conversation_id: string
  readonly sequence: number
  readonly sender_id: string
  readonly client_id: string
  readonly text: string | null
  readonly media_id: string | null
  readonly media: MediaCard | null
  readonly erased: boolean
  readonly created_at: Date
  readonly read_at: Date | null
}

export interface NewMessageRow {
  readonly conversationId: string
  readonly from: string
  readonly to: string
  readonly clientId: string
  readonly text: string | null
  readonly mediaId: string | null
  readonly at: Date
}

export interface SaidRow extends MessageRow {
  /** False where it was there before. */
  readonly is_new: boolean
  /** It is the only one that its recipient has not read. */
  readonly is_waiting: boolean
}

/**
 * Adds messages to conversations that are held, each as the next of its sequence, in this order; or gives the ones that have these
 * client ids. Whether the sender reaches the recipient is asked here: the statement that waited for the conversations saw what was so
 * before it waited.
 * @returns by `nameOf`, without those whose recipient is out of reach
 */
export async function insertMessages(
  tx: Tx,
  messages: readonly NewMessageRow[],
): Promise<ReadonlyMap<string, SaidRow>> {
  // Out of the planner's sight: by their lengths it would plan anew for each batch, which takes longer than the work itself.
  const all = <T>(type: 'uuid' | 'text' | 'timestamptz', pick: (message: NewMessageRow) => T) =>
    sql`(select ${messages.map(pick)}::${sql.raw(type)}[])`
  const { rows } = await sql<SaidRow>`
    with asked as (
      select distinct on (conversation_id, from_id, client_id) *
      from unnest(${all('uuid', newId)}, ${all('uuid', (said) => said.conversationId)}, ${all('uuid', (said) => said.from)},
        ${all('uuid', (said) => said.to)}, ${all('text', (said) => said.clientId)}, ${all('text', (said) => said.text)},
        ${all('uuid', (said) => said.mediaId)}, ${all('timestamptz', (said) => said.at)})
        with ordinality as asked (id, conversation_id, from_id, to_id, client_id, text, media_id, at, place)
      order by conversation_id, from_id, client_id, place
    ), earlier as (
      select one.* from asked, lateral (
        select * from messages where messages.conversation_id = asked.conversation_id
          and sender_id = from_id and messages.client_id = asked.client_id
        limit 1 -- one by one, by the index: a plan made while there are few messages is kept when there are many
      ) one
    ), fresh as (
      select *, row_number() over (partition by conversation_id order by place) as nth,
        row_number() over (partition by conversation_id, to_id order by place) as nth_to
      from asked
      where not exists (select from earlier where earlier.conversation_id = asked.conversation_id
          and sender_id = from_id and earlier.client_id = asked.client_id)
        and ${isReachable('asked.to_id', sql.ref('asked.from_id'))}
    ), counted as (
      select conversation_id, count(*)::integer as messages, max(at) as at,
        (count(*) filter (where to_id < from_id))::integer as to_low
      from fresh group by conversation_id
    ), moved as (
      update conversations set last_sequence = last_sequence + messages, last_at = greatest(last_at, at),
        low_unread = low_unread + to_low, high_unread = high_unread + messages - to_low
      from counted where id = conversation_id
      returning id, last_sequence - messages as before, last_at, low_unread - to_low as low_before,
        high_unread - (messages - to_low) as high_before
    ), made as (
      insert into messages (id, conversation_id, sequence, sender_id, client_id, text, media_id, created_at)
      select fresh.id, conversation_id, before + nth, from_id, client_id, text, media_id, last_at
      from fresh join moved on moved.id = conversation_id
      returning *
    ), waiting as (
      select fresh.id from fresh join moved on moved.id = conversation_id
      where nth_to = 1 and case when to_id < from_id then low_before else high_before end = 0
    )
    select said.*, ${mediaCard('said.media_id')} as media,
      exists (select from made where made.id = said.id) as is_new,
      exists (select from waiting where waiting.id = said.id) as is_waiting
    from (select * from made union all select * from earlier) said`.execute(tx)
  return new Map(
    rows.map((row) => [
      nameOf({ conversationId: row.conversation_id, from: row.sender_id, clientId: row.client_id }),
      row,
    ]),
  )
}

/** What names a message before it has an id. A client id may have anything in it; the others have no space. */
export function nameOf({
  conversationId,
  from,
  clientId,
}: Pick<NewMessageRow, 'conversationId' | 'from' | 'clientId'>): string {
  return `${conversationId} ${from} ${clientId}`
}

/** The messages of a conversation between two sequences, neither of them included, the last first. */
export async function findMessages(
  db: Db,
  which: { conversationId: string; after: number; before: number; limit: number },
): Promise<MessageRow[]> {
  const { conversationId, after, before, limit } = which
  const { rows } = await sql<MessageRow>`
    select messages.*, ${mediaCard('messages.media_id')} as media from messages
    where conversation_id = ${conversationId} and sequence > ${after} and sequence < ${before}
    order by sequence desc limit ${limit}`.execute(db)
  return rows
}

/** The last message of each of these conversations. */
export async function findLastMessages(
  db: Db,
  conversationIds: readonly string[],
): Promise<ReadonlyMap<string, MessageRow>> {
  const { rows } = await sql<MessageRow>`
    select messages.*, ${mediaCard('messages.media_id')} as media from messages
    join conversations on conversations.id = conversation_id and sequence = last_sequence
    where conversations.id = any(${conversationIds}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.conversation_id, row]))
}

/** Whether a file was sent to this person, or by them. */
export async function isMediaInChatOf(
  db: Db,
  { mediaId, userId }: { mediaId: string; userId: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from messages join conversations on conversations.id = conversation_id
    where media_id = ${mediaId} and (low_id = ${userId} or high_id = ${userId}) limit 1`.execute(db)
  return rows.length > 0
}

export type SentRow = Pick<MessageRow, 'id' | 'sequence' | 'text' | 'media_id' | 'created_at'> & {
  readonly to: string
}

/** What a person has ever sent, in the order of the ids, after one of them. */
export async function findSent(
  db: Db,
  userId: string,
  page: { after: string | null; limit: number },
): Promise<SentRow[]> {
  const { rows } = await sql<SentRow>`
    select messages.id, sequence, text, media_id, created_at, case low_id when ${userId} then high_id else low_id end as to
    from conversations join messages on conversation_id = conversations.id and sender_id = ${userId}
    where (low_id = ${userId} or high_id = ${userId}) and (${page.after}::uuid is null or messages.id > ${page.after}::uuid)
    order by messages.id limit ${page.limit}`.execute(db)
  return rows
}

/** Takes along what a person has said; that they said something stays. A client id has no space: no erased one is another's. */
export async function eraseSent(tx: Tx, userId: string): Promise<void> {
  await sql`
    update messages set text = null, media_id = null, client_id = 'erased ' || messages.id, erased = true
    from conversations
    where conversation_id = conversations.id and (low_id = ${userId} or high_id = ${userId}) and sender_id = ${userId}`.execute(
    tx,
  )
}

/** Whether a person has not read, in a conversation, all that the other one has said and not taken along. */
export async function isMessageWaiting(
  db: Db,
  { conversationId, readerId }: { conversationId: string; readerId: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from conversations join messages on conversation_id = conversations.id
    where conversations.id = ${conversationId} and sender_id <> ${readerId} and not erased
      and sequence > case low_id when ${readerId} then low_read else high_read end
    limit 1`.execute(db)
  return rows.length > 0
}
