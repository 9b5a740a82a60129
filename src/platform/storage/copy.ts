import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Storage } from './storage.ts'

interface Copying {
  readonly from: Storage
  readonly to: Storage
  readonly key: string
}

export type Copied =
  | { readonly outcome: 'copied' | 'present'; readonly bytes: number }
  /** In neither store. */
  | { readonly outcome: 'missing' }

/**
 * Copies an object from one store to another, streamed, and reads the copy back to compare it. What is there already with the same size
 * and type is left; so is what only the new store has, which came after the move.
 * @throws Error where the copy is not the same, after removing it, or where a store fails
 */
export async function copyObject({ from, to, key }: Copying): Promise<Copied> {
  const [source, present] = await Promise.all([from.head(key), to.head(key)])
  if (!source) return present ? { outcome: 'present', bytes: present.totalBytes } : { outcome: 'missing' }
  if (present?.totalBytes === source.totalBytes && present.contentType === source.contentType)
    return { outcome: 'present', bytes: present.totalBytes }
  const object = await from.open(key)
  if (!object) return { outcome: 'missing' }
  const read = new Digested(object.stream)
  await to.put(key, read.stream, { contentType: object.contentType })
  if (read.bytes !== object.totalBytes || (await digestOf(to, key)) !== read.digest()) {
    await to.delete(key)
    throw new Error('the copy is not what was read')
  }
  return { outcome: 'copied', bytes: read.bytes }
}

/**
 * Deletes an object of the old store, having compared it with the new store's, byte for byte by their SHA-256.
 * @returns whether there was one
 * @throws Error where the new store has not the same; nothing is deleted then
 */
export async function deleteCopied({ from, to, key }: Copying): Promise<boolean> {
  const digest = await digestOf(from, key)
  if (digest === null) return false
  if (digest !== (await digestOf(to, key))) throw new Error('the copy is another one, so this one stays')
  await from.delete(key)
  return true
}

async function digestOf(storage: Storage, key: string): Promise<string | null> {
  const object = await storage.open(key)
  if (!object) return null
  const read = new Digested(object.stream)
  for await (const _ of read.stream);
  return read.digest()
}

/** A stream whose bytes are counted and hashed on their way. */
class Digested {
  bytes = 0
  readonly stream: Readable
  readonly #hash = createHash('sha256')

  constructor(source: Readable) {
    this.stream = Readable.from(this.#read(source), { objectMode: false })
  }

  digest(): string {
    return this.#hash.digest('hex')
  }

  async *#read(source: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.bytes += chunk.length
      this.#hash.update(chunk)
      yield chunk
    }
  }
}
