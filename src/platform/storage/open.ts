import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createLocalStorage } from './local.ts'
import type { StoreName } from './settings.ts'
import type { Storage } from './storage.ts'

/** Where the local store is. */
export function folderOf({ dataFolder }: Pick<Config, 'dataFolder'>): string {
  return join(dataFolder, 'media')
}

/**
 * The store of that name, as it is configured. The libraries of those that are not in use are not loaded.
 * @returns null where its variables are not set
 */
export async function openStorage(
  name: StoreName,
  config: Pick<Config, 'dataFolder' | 'stores'>,
  clock: Clock,
): Promise<Storage | null> {
  const { stores } = config
  if (name === 'local') return createLocalStorage({ folder: folderOf(config), clock })
  if (name === 's3') {
    if (!stores.s3) return null
    const { createS3Storage } = await import('./s3.ts')
    return createS3Storage({ ...stores.s3, clock })
  }
  if (!stores.cloudinaryUrl) return null
  const { createCloudinaryStorage } = await import('./cloudinary.ts')
  return createCloudinaryStorage({ url: stores.cloudinaryUrl, clock })
}
