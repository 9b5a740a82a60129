import type { Storage } from '../storage/storage.ts'
import type { Entry } from './format.ts'
import { countPart } from './part-totals.ts'
import type { OnProgress } from './tables.ts'

const keysInARecord = 1_000

/**
 * The keys of all that the school keeps in the store and, with `storage`, the files themselves. They go in before the tables: the less
 * time lies between the snapshot and a file, the fewer are deleted meanwhile.
 * @param missing is told of each key that has no object in the store
 */
export async function* readMedia(
  keys: AsyncIterable<string>,
  {
    storage,
    missing,
    onProgress,
  }: { storage: Storage | null; missing: (key: string) => void; onProgress: OnProgress },
): AsyncGenerator<Entry> {
  let batch: string[] = []
  for await (const key of keys) {
    batch.push(key)
    if (batch.length === keysInARecord) {
      yield { kind: 'manifest', keys: batch }
      batch = []
    }
    if (storage) yield* readFile(key, storage, { missing, onProgress })
  }
  if (batch.length > 0) yield { kind: 'manifest', keys: batch }
}

async function* readFile(
  key: string,
  storage: Storage,
  { missing, onProgress }: { missing: (key: string) => void; onProgress: OnProgress },
): AsyncGenerator<Entry> {
  const stored = await storage.open(key)
  if (!stored) return missing(key)
  yield { kind: 'begin', part: { part: 'file', key, contentType: stored.contentType } }
  const counted = countPart()
  for await (const bytes of stored.stream as AsyncIterable<Buffer>) {
    counted.add(bytes)
    yield { kind: 'data', bytes }
  }
  onProgress({ name: `file ${key}`, totals: counted.sofar() })
  yield { kind: 'end', totals: counted.totals() }
}
