import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { renderPictures } from '../../platform/images/render-pictures.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import type { Storage } from '../../platform/storage/storage.ts'
import { removeThumbnail } from './remove-thumbnail.ts'
import { thumbnailFile, thumbnailType, thumbnailWidths } from './thumbnails.ts'

/** Longer than any picture lives between its storing and its commit. */
const sweepAfterMs = 60 * 60_000

/** Pictures that are stored and whose course never gets them (a killed process) do not stay: they are looked at again later. */
export async function expectThumbnail(tx: Tx, cause: Cause, key: string): Promise<void> {
  await addJob(tx, removeThumbnail, { key }, { runAt: new Date(cause.at.getTime() + sweepAfterMs) })
}

/**
 * Draws the picture of a course in all widths and stores them: after `expectThumbnail`, before the transaction that gives them to the
 * course (`setThumbnail`).
 * @throws Refusal where it is no picture
 */
export async function storeThumbnail(storage: Storage, key: string, bytes: Buffer): Promise<void> {
  const shapes = thumbnailWidths.map((width) => ({ width }))
  const pictures = await renderPictures(bytes, shapes)
  for (const [index, width] of thumbnailWidths.entries()) {
    const picture = pictures[index]?.bytes
    if (picture) await storage.put(thumbnailFile(key, width), picture, { contentType: thumbnailType })
  }
}
