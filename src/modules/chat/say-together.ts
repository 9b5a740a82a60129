import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { idempotencyMismatch } from '../../platform/http/idempotency.ts'
import { notFound, type Refusal, refuse } from '../../platform/http/refusal.ts'
import { messageWaiting } from './events.ts'
import { insertMessages, nameOf, type SaidRow } from './message-queries.ts'
import { insertConversations, lockConversations, pairOf } from './queries.ts'

/** What one person says to another; a file is the sender's own. */
export interface Saying {
  readonly actor: Actor
  readonly to: string
  readonly clientId: string
  readonly text: string | null
  readonly mediaId: string | null
}

/**
 * Says what several people say at the same time, in as many statements as for one of them. Conversations begin with the first message.
 * @returns for each, in their order: the message, or why it is refused, which changes nothing for the others
 */
export async function sayTogether(tx: Tx, sayings: readonly Saying[]): Promise<(SaidRow | Refusal)[]> {
  const placed = await place(tx, sayings)
  const rows = await insertMessages(
    tx,
    placed.flatMap((said) => (said.conversationId === undefined ? [] : [said as Placed])),
  )
  for (const { conversation_id, id, is_waiting, sender_id } of rows.values()) {
    const said =
      is_waiting && placed.find((one) => one.conversationId === conversation_id && one.from === sender_id)
    if (!said) continue
    const fact = { conversationId: conversation_id, messageId: id, fromId: sender_id, toId: said.to }
    await publish(tx, messageWaiting, fact, said.actor)
  }
  return placed.map(({ conversationId, from, clientId, text, mediaId }) => {
    const row =
      conversationId === undefined ? undefined : rows.get(nameOf({ conversationId, from, clientId }))
    if (!row) return refuse(notFound)
    if (row.text !== text || row.media_id !== mediaId)
      return refuse(idempotencyMismatch, 'This clientId was used for another message.')
    return row
  })
}

interface Placed extends Saying {
  readonly from: string
  readonly at: Date
  readonly conversationId: string
}

/** Each with its conversation, which is held; without one where the other is out of reach. */
async function place(tx: Tx, sayings: readonly Saying[]) {
  const all = sayings.map((said) => ({ ...said, from: said.actor.userId, at: said.actor.at }))
  const held = await lockConversations(tx, all)
  const missing = all.filter((said) => !held.has(pairOf(said)))
  if (missing[0]) {
    await insertConversations(tx, missing, missing[0].at)
    for (const [pair, id] of await lockConversations(tx, missing)) held.set(pair, id)
  }
  return all.map((said) => ({ ...said, conversationId: held.get(pairOf(said)) }))
}
