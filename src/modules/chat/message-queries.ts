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

interface NewMessageRow {
  readonly conversationId: string
  readonly senderId: string
  readonly to: string
  readonly clientId: string
  readonly text: string | null
  readonly mediaId: string | null
  readonly at: Date
}

/**
 * Adds a message to a conversation that is held, as the next of its sequence; or gives the one that has this client id. Whether the
 * sender reaches the recipient is asked here again: the statement that waited for the conversation saw what was so before it waited.
 * @returns with how many messages its recipient has not read now, null where it was there before; undefined where they are out of reach
 */
export async function insertMessage(
  tx: Tx,
  message: NewMessageRow,
): Promise<(MessageRow & { readonly unread: number | null }) | undefined> {
  const { conversationId, senderId, to, clientId, text, mediaId, at } = message
  const { rows } = await sql<MessageRow & { unread: number | null }>`
    with earlier as (
      select * from messages
      where conversation_id = ${conversationId} and sender_id = ${senderId} and client_id = ${clientId}
    ), moved as (
      update conversations set last_sequence = last_sequence + 1, last_at = greatest(last_at, ${at}::timestamptz),
        low_unread = low_unread + (low_id <> ${senderId})::integer,
        high_unread = high_unread + (high_id <> ${senderId})::integer
      from (select ${to}::uuid as id) recipient
      where conversations.id = ${conversationId} and not exists (select from earlier) and ${isReachable('recipient.id', senderId)}
      returning conversations.id, last_sequence, last_at, case low_id when ${senderId} then high_unread else low_unread end as unread
    ), made as (
      insert into messages (id, conversation_id, sequence, sender_id, client_id, text, media_id, created_at)
      select ${newId()}::uuid, id, last_sequence, ${senderId}::uuid, ${clientId}, ${text}, ${mediaId}::uuid, last_at from moved
      returning *
    )
    select said.*, ${mediaCard('said.media_id')} as media, (select unread from moved) as unread
    from (select * from made union all select * from earlier) said`.execute(tx)
  return rows[0]
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
