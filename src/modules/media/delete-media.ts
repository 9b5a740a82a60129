import type { Cause } from '../../platform/actor.ts'
import { sqlState, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { mediaInUse } from './errors.ts'
import { mediaDeleted } from './events.ts'
import type { MediaRow } from './queries.ts'
import { removeFiles } from './remove-files.ts'
import { keysOf } from './rules.ts'
import { deleteMediaRow } from './usage-queries.ts'

const foreignKeyViolation = '23503'

/**
 * Deletes a file, or ends an upload; its bytes go after the commit. Undefined where there is no such file.
 * @throws Refusal 409 `media_in_use` where something refers to it; the transaction has to be rolled back then
 */
export async function deleteMedia(tx: Tx, cause: Cause, id: string): Promise<MediaRow | undefined> {
  const media = await deleteMediaRow(tx, id).catch((error: unknown) => {
    throw sqlState(error) === foreignKeyViolation ? refuse(mediaInUse) : error
  })
  if (!media) return undefined
  await addJob(tx, removeFiles, { mediaId: id, keys: keysOf(media) })
  if (media.status !== 'uploading')
    await publish(tx, mediaDeleted, { mediaId: id, userId: media.user_id }, cause)
  return media
}
