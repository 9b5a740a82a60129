import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { MediaKind } from '../../platform/database/schema.ts'
import { badField } from '../../platform/http/refusal.ts'
import { ownsMedia } from './policy.ts'
import { lockMediaForUse, type MediaRow, updateUsed } from './queries.ts'

/**
 * The file, for somebody who is about to put it to use: uploaded by them (or they are an admin), ready, and of one of the kinds. It is
 * held until the transaction ends, in which a row of the caller's refers to it by a foreign key.
 * @throws Refusal 400 that names `path` (`/mediaId`)
 */
export async function requireUsableMedia(
  tx: Tx,
  actor: Actor,
  mediaId: string,
  wish: { kinds?: readonly MediaKind[]; path?: string } = {},
): Promise<MediaRow> {
  const { kinds, path = '/mediaId' } = wish
  const media = await lockMediaForUse(tx, mediaId)
  if (!media || !ownsMedia(actor, media)) throw badField(path, 'is no file that you uploaded')
  if (media.status === 'uploading') throw badField(path, 'is a file that has not come whole')
  if (media.status === 'failed')
    throw badField(path, `is a file that cannot be used: ${media.failure_reason}`)
  if (kinds && !kinds.some((kind) => kind === media.kind))
    throw badField(path, `must be of kind ${kinds.join(' or ')}, not ${media.kind}`)
  if (media.unused_since) await updateUsed(tx, mediaId)
  return media
}
