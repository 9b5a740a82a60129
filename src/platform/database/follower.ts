import { LRUCache } from 'lru-cache'
import { everyRow } from './mirror.ts'
import type { Signals } from './signals.ts'

/** What rows have become, by number; undefined is gone. */
export type Changed<Row> = ReadonlyMap<number, Row | undefined>

/** Values that are made of many rows. */
export interface Kind<Row, Value> {
  /** How much memory a value takes, about. */
  readonly bytesOf: (value: Value) => number
  /** What reading it anew would find, now that these rows are others. It may have been told of them before. Null: it is to be read anew. */
  readonly follow: (value: Value, changed: Changed<Row>) => Value | null | Promise<Value | null>
}

export interface Recalled<Value> {
  /** What is kept by what was asked, brought to what the rows are now; else reads it, and keeps it. Not to be asked inside a transaction. */
  readonly recall: (asked: string, read: () => Promise<Value>) => Promise<Value>
}

export interface Follower<Row> {
  /** Keeps values of a kind within so many bytes; the ones that nobody asks for make room. */
  keep<Value>(kind: Kind<Row, Value>, mostBytes: number): Recalled<Value>
}

const entryOverhead = 200
/** Of more rows than this a value is read anew. */
const mostFollowed = 50

interface Kept<Value> {
  /** How many changes had been told when its reading began. */
  readonly after: number
  readonly value: Value
}

/**
 * Keeps what was found among many rows, and when some of them change asks of these alone what it finds now: exact by signals that name each
 * row that was inserted, changed or deleted, with the promises of `Pages`. A value is followed when it is asked for. Who asks while it is
 * being read, and nothing was told meanwhile, waits for the same reading. While signals may be missed everything is read.
 * @param options.topics of the signals; their text is the row's number, or `everyRow`, which makes old all that is kept
 * @param options.read what is to be known of rows that changed, those of these numbers that there are
 */
export async function createFollower<Row extends { readonly number: number }>(options: {
  signals: Signals
  topics: readonly string[]
  read: (numbers: readonly number[]) => Promise<readonly Row[]>
}): Promise<Follower<Row>> {
  const { signals, topics, read } = options
  /** When each row was told to have changed, the last one last. */
  const changed = new Map<number, number>()
  const rows = new Map<number, Kept<Promise<Row | undefined>>>()
  let changes = 0
  /** What was kept before is not followed. */
  let oldest = 0

  function forgetAll(): void {
    oldest = ++changes
    changed.clear()
    rows.clear()
  }

  function tell(number: number): void {
    changes++
    changed.delete(number)
    changed.set(number, changes)
    if (changed.size <= mostFollowed) return
    const [first] = changed
    if (!first) return
    oldest = first[1]
    changed.delete(first[0])
    rows.delete(first[0])
  }

  async function rowsSince(after: number): Promise<Changed<Row>> {
    const numbers = [...changed].filter(([, at]) => at > after).map(([number]) => number)
    const unread = numbers.filter((number) => (rows.get(number)?.after ?? 0) < (changed.get(number) ?? 0))
    if (unread.length > 0) {
      const reading = read(unread).then((found) => new Map(found.map((row) => [row.number, row])))
      for (const number of unread)
        rows.set(number, { after: changes, value: reading.then((found) => found.get(number)) })
      reading.catch(() => {
        for (const number of unread) rows.delete(number)
      })
    }
    return new Map(
      await Promise.all(numbers.map(async (number) => [number, await rows.get(number)?.value] as const)),
    )
  }

  for (const topic of topics)
    signals.on(topic, (text) => {
      if (text === everyRow) forgetAll()
      else tell(Number(text))
    })
  await signals.onConnect(async () => forgetAll())

  return {
    keep<Value>({ bytesOf, follow }: Kind<Row, Value>, mostBytes: number) {
      const values = new LRUCache<string, Kept<Value> & { readonly bytes: number }>({
        maxSize: mostBytes,
        maxEntrySize: mostBytes / 4,
        sizeCalculation: ({ bytes }) => bytes,
      })
      const readings = new Map<string, Kept<Promise<Value>>>()

      async function followed(kept: Kept<Value> | undefined, anew: () => Promise<Value>): Promise<Value> {
        if (!kept || kept.after < oldest) return anew()
        return (await follow(kept.value, await rowsSince(kept.after))) ?? anew()
      }

      return {
        async recall(asked: string, anew: () => Promise<Value>) {
          if (!signals.connected()) return anew()
          const kept = values.get(asked)
          if (kept?.after === changes) return kept.value
          const begun = readings.get(asked)
          if (begun?.after === changes) return begun.value
          const after = changes
          const reading = { after, value: followed(kept, anew) }
          readings.set(asked, reading)
          try {
            const value = await reading.value
            if (after >= oldest)
              values.set(asked, { after, value, bytes: bytesOf(value) + 2 * asked.length + entryOverhead })
            return value
          } finally {
            if (readings.get(asked) === reading) readings.delete(asked)
          }
        },
      }
    },
  }
}
