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
  const [media] = await lockMediaForUse(tx, [mediaId])
  if (!isUsable(actor, media)) throw badField(path, faultOf(actor, media))
  if (kinds && !kinds.some((kind) => kind === media.kind))
    throw badField(path, `must be of kind ${kinds.join(' or ')}, not ${media.kind}`)
  if (media.unused_since) await updateUsed(tx, [mediaId])
  return media
}

/**
 * The same for all the files that a text names.
 * @param path of the text: `/body`
 * @throws Refusal 400 that names `path` and the file
 */
export async function requireNamedMedia(
  tx: Tx,
  actor: Actor,
  { ids, path }: { ids: readonly string[]; path: string },
): Promise<void> {
  const found = new Map((await lockMediaForUse(tx, ids)).map((media) => [media.id, media]))
  for (const id of ids) {
    const media = found.get(id)
    if (!isUsable(actor, media)) throw badField(path, `names ${id}, which ${faultOf(actor, media)}`)
  }
  const unused = [...found.values()].filter((media) => media.unused_since !== null)
  if (unused.length > 0)
    await updateUsed(
      tx,
      unused.map(({ id }) => id),
    )
}

function isUsable(actor: Actor, media: MediaRow | undefined): media is MediaRow {
  return media !== undefined && media.status === 'ready' && ownsMedia(actor, media)
}

/** What keeps one who is about to use it from that. */
function faultOf(actor: Actor, media: MediaRow | undefined): string {
  if (!media || !ownsMedia(actor, media)) return 'is no file that you uploaded'
  if (media.status === 'uploading') return 'is a file that has not come whole'
  return `is a file that cannot be used: ${media.failure_reason}`
}
