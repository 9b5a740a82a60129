import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { mediaUploaded } from './events.ts'
import type { MediaRow } from './queries.ts'
import { type Settled, updateSettled } from './usage-queries.ts'

/** The file is in the store and was looked at; undefined where its upload was ended meanwhile. */
export async function settleMedia(
  tx: Tx,
  cause: Cause,
  input: { id: string; file: Settled },
): Promise<MediaRow | undefined> {
  const media = await updateSettled(tx, input.id, input.file, cause.at)
  if (media) await publish(tx, mediaUploaded, { mediaId: media.id, userId: media.user_id }, cause)
  return media
}
