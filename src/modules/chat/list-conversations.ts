import type { Static } from 'typebox'
import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { readPage, toPage } from '../../platform/http/pagination.ts'
import { isId } from '../../platform/ids.ts'
import { findLastMessages } from './message-queries.ts'
import { presentConversation } from './present.ts'
import { type ConversationKey, listConversations } from './queries.ts'
import type { ConversationList } from './schemas.ts'

export async function listOwnConversations(
  { config, db }: Pick<Deps, 'config' | 'db'>,
  { userId, at }: Actor,
  query: Parameters<typeof readPage>[0],
): Promise<Static<typeof ConversationList>> {
  const { limit, after } = readPage(query, isConversationKey)
  const rows = await listConversations(db, userId, { after, limit: limit + 1 })
  const { items, nextCursor } = toPage(rows, limit, (row) => [row.last_at.toISOString(), row.id])
  const last = await findLastMessages(
    db,
    items.map(({ id }) => id),
  )
  return {
    items: items.flatMap((row) => {
      const lastMessage = last.get(row.id)
      const view = { people: [userId, row.other_id], at } as const
      return lastMessage ? [presentConversation({ ...row, lastMessage }, view, config)] : []
    }),
    nextCursor,
  }
}

function isConversationKey(value: unknown): value is ConversationKey {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [lastAt, id] = value
  return typeof id === 'string' && isId(id) && typeof lastAt === 'string' && isMoment(lastAt)
}

function isMoment(text: string): boolean {
  const moment = new Date(text)
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text
}
