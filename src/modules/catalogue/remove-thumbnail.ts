import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { hasThumbnail } from './course-queries.ts'
import { thumbnailFile, thumbnailWidths } from './thumbnails.ts'

export const removeThumbnail = defineJob('catalogue.remove-thumbnail', Type.Object({ key: Type.String() }))

/** Deletes a stored picture, unless a course has it: a copy has that of its original. */
export async function removeUnusedThumbnail({ db, storage }: Deps, { key }: { key: string }): Promise<void> {
  if (await hasThumbnail(db, key)) return
  for (const width of thumbnailWidths) await storage.delete(thumbnailFile(key, width))
}
