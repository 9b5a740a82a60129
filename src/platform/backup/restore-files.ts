import { Readable } from 'node:stream'
import type { Storage } from '../storage/storage.ts'
import type { Entry } from './format.ts'
import { type OpenSource, readBackup } from './read-backup.ts'
import type { OnProgress } from './tables.ts'

/** Puts all files of a backup into the store, under their keys. @returns how many */
export async function restoreFiles(
  open: OpenSource,
  storage: Storage,
  onProgress: OnProgress,
): Promise<number> {
  const { entries } = await readBackup(await open())
  let files = 0
  for (let next = await entries.next(); !next.done; next = await entries.next()) {
    if (next.value.kind !== 'begin' || next.value.part.part !== 'file') continue
    const { key, contentType } = next.value.part
    const { bytes } = await storage.put(key, Readable.from(dataOf(entries), { objectMode: false }), {
      contentType,
    })
    files += 1
    onProgress({ name: `file ${key}`, totals: { rows: 0, bytes } })
  }
  return files
}

async function* dataOf(entries: AsyncGenerator<Entry>): AsyncGenerator<Buffer> {
  for (;;) {
    const { value, done } = await entries.next()
    if (done || value.kind !== 'data') return
    yield value.bytes
  }
}
