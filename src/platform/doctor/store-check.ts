import { text } from 'node:stream/consumers'
import { newId } from '../ids.ts'
import { openStorage } from '../storage/open.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, failure, ok, reasonOf } from './check.ts'

/** Writes an object of its own, reads it, and deletes it. */
export const storeCheck: Check = {
  name: 'media store',
  async run({ config, clock }) {
    const name = config.stores.inUse
    const todo =
      name === 'local'
        ? `Let the account that runs Lectern write into ${config.dataFolder}/media.`
        : `Check the ${name === 's3' ? 'S3_… variables, the bucket and the rights of its key' : 'CLOUDINARY_URL'}.`
    try {
      const storage = await openStorage(name, config, clock)
      if (!storage) return failure(`The store ${name} is not configured.`, todo)
      await probe(storage)
      return ok(`The store ${name} writes, reads and deletes.`)
    } catch (error) {
      return failure(`The store ${name} failed: ${reasonOf(error)}.`, todo)
    }
  },
}

async function probe(storage: Storage): Promise<void> {
  const key = `doctor/${newId()}.txt`
  try {
    await storage.put(key, Buffer.from(key), { contentType: 'text/plain' })
    const found = await storage.open(key)
    if (!found || (await text(found.stream)) !== key) throw new Error('what was written did not come back')
  } finally {
    await storage.delete(key)
  }
}
