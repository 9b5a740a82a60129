import type { Deps } from '../../platform/deps.ts'
import { renderPictures } from '../../platform/images/render-pictures.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { removeThumbnail } from './remove-thumbnail.ts'
import { newThumbnailKey, thumbnailFile, thumbnailType, thumbnailWidths } from './thumbnails.ts'

/** Longer than any picture lives between its storing and its commit. */
const sweepAfterMs = 60 * 60_000

/**
 * Draws the picture of a course in all widths and stores them, before the transaction that gives them to the course (`setThumbnail`).
 * @returns their key
 * @throws Refusal where it is no picture
 */
export async function storeThumbnail(
  { storage, transact, clock }: Pick<Deps, 'storage' | 'transact' | 'clock'>,
  bytes: Buffer,
): Promise<string> {
  const pictures = await renderPictures(
    bytes,
    thumbnailWidths.map((width) => ({ width })),
  )
  const key = newThumbnailKey()
  // Looked at again later, so that pictures whose course never got them (a killed process) do not stay.
  const runAt = new Date(clock.now().getTime() + sweepAfterMs)
  await transact((tx) => addJob(tx, removeThumbnail, { key }, { runAt }))
  for (const [index, width] of thumbnailWidths.entries()) {
    const picture = pictures[index]?.bytes
    if (picture) await storage.put(thumbnailFile(key, width), picture, { contentType: thumbnailType })
  }
  return key
}
