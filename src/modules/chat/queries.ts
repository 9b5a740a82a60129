import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { isActivePerson, type PersonCard, personCard } from '../accounts/index.ts'
import { sharesCourse } from '../enrollments/index.ts'
import { isBlockedBetween, isFriendOf } from '../friends/index.ts'

/** A conversation as one of the two sees it. */
export interface ConversationRow {
  readonly id: string
  readonly other_id: string
  readonly last_sequence: number
  readonly last_at: Date
  readonly read_up_to: number
  readonly unread: number
  /** Whether the one may write to the other. */
  readonly reachable: boolean
}

export interface TwoPeople {
  readonly userId: string
  readonly otherId: string
}

/**
 * Whether a person may reach the one whose id stands in a column, as an expression to select by.
 * @param userId or a column too, by `sql.ref`
 */
export function isReachable(column: string, userId: string | RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(column)} <> ${userId}::uuid
    and (${isFriendOf(column, userId)} or ${sharesCourse(column, userId)})
    and not ${isBlockedBetween(column, userId)}
    and ${isActivePerson(column)}
    and exists (select from (select ${userId}::uuid as id) oneself where ${isActivePerson('oneself.id')}))`
}

/** What a person sees of a conversation with the one whose id stands in `other.id`. */
function seenBy(userId: string, id: string) {
  return sql`${sql.ref(id)}, other.id as other_id, last_sequence, last_at,
    case low_id when ${userId} then low_read else high_read end as read_up_to,
    case low_id when ${userId} then low_unread else high_unread end as unread,
    ${isReachable('other.id', userId)} as reachable`
}

function selectConversation({ userId, otherId }: TwoPeople) {
  return sql`
    select ${seenBy(userId, 'conversations.id')}
    from conversations, (select ${otherId}::uuid as id) other
    where low_id = least(${userId}::uuid, ${otherId}::uuid) and high_id = greatest(${userId}::uuid, ${otherId}::uuid)`
}

export async function findConversation(db: Db, people: TwoPeople): Promise<ConversationRow | undefined> {
  const { rows } = await sql<ConversationRow>`${selectConversation(people)}`.execute(db)
  return rows[0]
}

/** Held: nobody else adds to it, or reads it, until the transaction ends. */
export async function lockConversation(tx: Tx, people: TwoPeople): Promise<ConversationRow | undefined> {
  const { rows } = await sql<ConversationRow>`
    ${selectConversation(people)} for no key update of conversations`.execute(tx)
  return rows[0]
}

/** A conversation by the one who speaks and the one who is spoken to. */
export interface Speakers {
  readonly from: string
  readonly to: string
}

function asked(people: readonly Speakers[]) {
  return sql`unnest(${people.map(({ from }) => from)}::uuid[], ${people.map(({ to }) => to)}::uuid[]) as asked (from_id, to_id)`
}

/** The conversations of these people, held as by `lockConversation`, in an order that everybody keeps to; by `pairOf`. */
export async function lockConversations(tx: Tx, people: readonly Speakers[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; low_id: string; high_id: string }>`
    select id, low_id, high_id
    from (select distinct least(from_id, to_id) as low, greatest(from_id, to_id) as high from ${asked(people)}) pair
    join conversations on low_id = low and high_id = high
    order by id for no key update of conversations`.execute(tx)
  return new Map(rows.map(({ id, low_id, high_id }) => [pairOf({ from: low_id, to: high_id }), id]))
}

/** The same for both of them. */
export function pairOf({ from, to }: Speakers): string {
  return from < to ? `${from} ${to}` : `${to} ${from}`
}

/** Begins the conversations with those of them who are within reach, unless there are some. */
export async function insertConversations(tx: Tx, people: readonly Speakers[], at: Date): Promise<void> {
  await sql`
    insert into conversations (id, low_id, high_id, last_at)
    select made.id, least(from_id, to_id), greatest(from_id, to_id), ${at}::timestamptz
    from unnest(${people.map(newId)}::uuid[], ${people.map(({ from }) => from)}::uuid[], ${people.map(({ to }) => to)}::uuid[])
      as made (id, from_id, to_id)
    where ${isReachable('made.to_id', sql.ref('made.from_id'))}
    order by 2, 3
    on conflict (low_id, high_id) do nothing`.execute(tx)
}

/**
 * Moves a read mark forward in a conversation that is held. That the messages were read is noted on them only where the sender is to
 * see it.
 * @returns how many the person has not read now
 */
export async function updateRead(
  tx: Tx,
  mark: { conversation: ConversationRow; userId: string; upTo: number; seenAt: Date | null },
): Promise<number> {
  const { conversation, userId, upTo, seenAt } = mark
  const { rows } = await sql<{ unread: number }>`
    with seen as (
      update messages set read_at = ${seenAt}::timestamptz
      where conversation_id = ${conversation.id} and sequence > ${conversation.read_up_to} and sequence <= ${upTo}
        and sender_id <> ${userId}
      returning 1
    ), counted as (select count(*)::integer as messages from seen)
    update conversations set
      low_read = case low_id when ${userId} then ${upTo}::integer else low_read end,
      high_read = case high_id when ${userId} then ${upTo}::integer else high_read end,
      low_unread = low_unread - case low_id when ${userId} then counted.messages else 0 end,
      high_unread = high_unread - case high_id when ${userId} then counted.messages else 0 end
    from counted where id = ${conversation.id}
    returning case low_id when ${userId} then low_unread else high_unread end as unread`.execute(tx)
  return rows[0]?.unread ?? 0
}

/** The sort keys of the list of conversations. */
export type ConversationKey = readonly [lastAt: string, id: string]

/** Those of a person, the last active first, each with the other one's card. */
export async function listConversations(
  db: Db,
  userId: string,
  { after, limit }: { after: ConversationKey | null; limit: number },
): Promise<(ConversationRow & { readonly person: PersonCard })[]> {
  const [lastAt, id] = after ?? ['infinity', null]
  // Each side by its own index, and never more rows than asked for: who teaches many has many conversations.
  const side = (own: 'low_id' | 'high_id', other: 'low_id' | 'high_id') => sql`(
    select *, ${sql.ref(other)} as others_id from conversations
    where ${sql.ref(own)} = ${userId}
      and (last_at, id) < (${lastAt}::timestamptz, coalesce(${id}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    order by last_at desc, id desc limit ${limit})`
  const { rows } = await sql<ConversationRow & { person: PersonCard }>`
    select ${seenBy(userId, 'conversation.id')}, ${personCard('other.id')} as person
    from (${side('low_id', 'high_id')} union all ${side('high_id', 'low_id')}) conversation,
      lateral (select others_id as id) other
    order by last_at desc, conversation.id desc limit ${limit}`.execute(db)
  return rows
}
