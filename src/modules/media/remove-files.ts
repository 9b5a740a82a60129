import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { removePart } from './part-files.ts'

/** What a file that is gone has left behind: its objects in the store, and what had come of it. Keys are never used again. */
export const removeFiles = defineJob(
  'media.remove-files',
  Type.Object({ mediaId: Id, keys: Type.Array(Type.String()) }),
)

export async function runRemoveFiles(
  { storage, config }: Deps,
  { mediaId, keys }: { mediaId: string; keys: readonly string[] },
): Promise<void> {
  for (const key of keys) await storage.delete(key)
  await removePart(config, mediaId)
}
