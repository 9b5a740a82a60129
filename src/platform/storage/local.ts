import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../clock.ts'
import {
  type ByteRange,
  checkKey,
  checkRange,
  checkWithin,
  type Storage,
  type StoredHead,
  type StoredObject,
} from './storage.ts'
import { readTrailer, trailerBytes, writeTrailer } from './trailer.ts'

const staleAfterMs = 60 * 60 * 1000

/**
 * Objects as files in a folder of this machine (or one that several mount): the key is the path. A file is written
 * under `.incoming`, brought to the disk, and only then renamed to its key. What a killed process left in `.incoming`
 * is removed here, at creation, once nobody has written to it for an hour: another process may be at work there.
 * @param folder made if it is not there
 */
export async function createLocalStorage(options: { folder: string; clock: Clock }): Promise<Storage> {
  const root = resolve(options.folder)
  const incoming = join(root, '.incoming')
  await mkdir(incoming, { recursive: true })
  await removeStale(incoming, options.clock.now().getTime() - staleAfterMs)

  const pathOf = (key: string) => {
    checkKey(key)
    return join(root, key)
  }

  return {
    async put(key, source, { contentType }) {
      const path = pathOf(key)
      const trailer = writeTrailer(contentType)
      const temporary = join(incoming, randomUUID())
      try {
        const bytes = await write(temporary, source, trailer)
        const created = await mkdir(dirname(path), { recursive: true })
        await rename(temporary, path)
        await syncFolders(dirname(path), created === undefined ? dirname(path) : root)
        return { bytes }
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async open(key, range) {
      const path = pathOf(key)
      if (range) checkRange(range)
      const file = await open(path).catch(missingAsNull)
      if (!file) return null
      return read(file, key, range).catch(async (error) => {
        await file.close()
        return missingAsNull(error)
      })
    },
    async head(key) {
      const file = await open(pathOf(key)).catch(missingAsNull)
      if (!file) return null
      return readHead(file, key)
        .catch(missingAsNull)
        .finally(() => file.close())
    },
    async link(key) {
      checkKey(key)
      return null
    },
    async delete(key) {
      await unlink(pathOf(key)).catch(missingAsNull)
    },
  }
}

async function write(path: string, source: Readable | Buffer, trailer: Buffer): Promise<number> {
  const file = createWriteStream(path, { flags: 'wx', flush: true })
  const append = async function* (chunks: AsyncIterable<Buffer>) {
    yield* chunks
    yield trailer
  }
  await pipeline(Buffer.isBuffer(source) ? [source] : source, append, file)
  return file.bytesWritten - trailer.length
}

async function readHead(file: FileHandle, key: string): Promise<StoredHead> {
  const totalBytes = (await file.stat()).size - trailerBytes
  const { buffer } = await file.read(Buffer.alloc(trailerBytes), 0, trailerBytes, Math.max(0, totalBytes))
  const contentType = readTrailer(buffer)
  if (contentType === null) throw new Error(`the file of ${key} is damaged, or no file of this store`)
  return { totalBytes, contentType }
}

async function read(file: FileHandle, key: string, range: ByteRange | undefined): Promise<StoredObject> {
  const { totalBytes, contentType } = await readHead(file, key)
  if (range) checkWithin(key, range, totalBytes)
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? totalBytes, totalBytes - 1)
  const bytes = end - start + 1
  if (bytes > 0) return { stream: file.createReadStream({ start, end }), bytes, totalBytes, contentType }
  await file.close()
  return { stream: Readable.from([]), bytes, totalBytes, contentType }
}

/** Brings the names in a folder, and in those above it as far as `last`, to the disk. */
async function syncFolders(first: string, last: string): Promise<void> {
  if (process.platform === 'win32') return // cannot open a folder
  for (let folder = first; ; folder = dirname(folder)) {
    const handle = await open(folder)
    await handle.sync().finally(() => handle.close())
    if (folder === last) return
  }
}

async function removeStale(folder: string, beforeMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const written = await stat(path).catch(missingAsNull)
    if (written && written.mtimeMs < beforeMs) await rm(path, { force: true })
  }
}

/** No object: nothing there, a folder there, or a file where the key has a folder. */
function missingAsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return null
  throw error
}
