import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { LessonType } from '../../platform/database/schema.ts'
import { badField } from '../../platform/http/refusal.ts'
import { findMedia, type MediaRow, requireUsableMedia } from '../media/index.ts'
import { mediaKinds } from './rules.ts'

/** The file that a lesson of this type is to be made of, held until the lesson refers to it. */
export async function requireLessonMedia(
  tx: Tx,
  actor: Actor,
  type: LessonType,
  mediaId: string,
): Promise<MediaRow> {
  const kinds = mediaKinds[type]
  if (kinds.length === 0)
    throw badField('/mediaId', `a ${type} lesson has no file of its own: add a material`)
  return requireUsableMedia(tx, actor, mediaId, { kinds })
}

/** Refuses to make a lesson one of a type that the file which it has does not fit. */
export async function requireFit(tx: Tx, type: LessonType, mediaId: string): Promise<void> {
  const media = await findMedia(tx, mediaId)
  if (!mediaKinds[type].some((kind) => kind === media?.kind))
    throw badField('/type', 'does not fit the file of the lesson: say mediaId too, another or null')
}

/** How long a file plays, as lessons say it: in whole seconds; null where it does not play. */
export function secondsOf(media: MediaRow | null): number | null {
  const seconds = media?.duration_seconds ?? null
  return seconds === null ? null : Math.round(seconds)
}
