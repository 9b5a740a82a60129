import { access } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { newId } from '../ids.ts'
import { folderOf, openStorage } from '../storage/open.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, failure, ok, reasonOf } from './check.ts'

/** Writes an object of its own, reads it, and deletes it; a local store that is not there yet is not made for it. */
export const storeCheck: Check = {
  name: 'media store',
  async run({ config, clock }) {
    const name = config.stores.inUse
    const folder = folderOf(config)
    const todo =
      name === 'local'
        ? `Let the account that runs Lectern write into ${folder}.`
        : `Check the ${name === 's3' ? 'S3_… variables, the bucket and the rights of its key' : 'CLOUDINARY_URL'}.`
    try {
      if (name === 'local' && !(await exists(folder)))
        return ok(`The store is made in ${folder} at the start.`)
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
  // In no folder of its own, which would stay.
  const key = `doctor-${newId()}.txt`
  try {
    await storage.put(key, Buffer.from(key), { contentType: 'text/plain' })
    const found = await storage.open(key)
    if (!found || (await text(found.stream)) !== key) throw new Error('what was written did not come back')
  } finally {
    await storage.delete(key)
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
