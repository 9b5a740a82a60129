import type { Db } from '../../platform/database/database.ts'
import { findThumbnailKeys } from './course-queries.ts'
import { thumbnailFile, thumbnailWidths } from './thumbnails.ts'

const keysAtOnce = 1_000

/** The keys of the pictures of all courses, in every width. */
export async function* storedThumbnails(db: Db): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const keys = await findThumbnailKeys(db, { after, atMost: keysAtOnce })
    for (const key of keys) for (const width of thumbnailWidths) yield thumbnailFile(key, width)
    if (keys.length < keysAtOnce) return
    after = keys.at(-1) ?? after
  }
}
