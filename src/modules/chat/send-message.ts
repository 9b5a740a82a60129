import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { requireUsableMedia } from '../media/index.ts'
import type { MessageRow } from './message-queries.ts'
import { tidyText } from './rules.ts'
import { sayTogether } from './say-together.ts'

export interface Draft {
  readonly to: string
  readonly text?: string
  readonly mediaId?: string
  readonly clientId: string
}

/** Says something to somebody within reach. Said again under the same client id, it is the same message. */
export async function sendMessage(
  tx: Tx,
  actor: Actor,
  { to, clientId, ...said }: Draft,
): Promise<{ message: MessageRow; isNew: boolean }> {
  const text = said.text === undefined ? null : tidyText(said.text)
  const mediaId = said.mediaId ?? null
  if (text === null && mediaId === null) throw badField('/text', 'is required where there is no mediaId')
  if (mediaId !== null) await requireOwnMedia(tx, actor, mediaId)
  const [outcome = refuse(notFound)] = await sayTogether(tx, [{ actor, to, clientId, text, mediaId }])
  if (outcome instanceof Error) throw outcome
  return { message: outcome, isNew: outcome.is_new }
}

async function requireOwnMedia(tx: Tx, actor: Actor, mediaId: string): Promise<void> {
  const media = await requireUsableMedia(tx, actor, mediaId)
  // Admins may use anybody's file in a course, not send it as theirs.
  if (media.user_id !== actor.userId) throw badField('/mediaId', 'is no file that you uploaded')
}
