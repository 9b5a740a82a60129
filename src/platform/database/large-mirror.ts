import { setTimeout as rest } from 'node:timers/promises'
import { everyRow, type Kept } from './mirror.ts'
import type { Signals } from './signals.ts'

/** Where more rows than this are others, nobody waits until they are read. */
const mostAwaited = 10

/** Rests as long as the work took. */
async function withRest<Done>(work: () => Promise<Done>): Promise<Done> {
  const began = performance.now()
  const done = await work()
  await rest(performance.now() - began)
  return done
}

/** What very many rows are kept in. */
export interface LargelyKept<Row> extends Kept<Row> {
  /** How much memory it takes, about. */
  readonly bytes: number
}

/**
 * Keeps rows as `createMirror` does, where they are so many that nobody is to wait until all are read: this goes on aside, a part at a time
 * with rests between, and meanwhile whoever asks is told that they are not there. Nothing is read before the first asks.
 * @param options.topics of the signals; their text is the row's number, or `everyRow`
 * @param options.read reads the rows that there are with these numbers
 * @param options.readAfter reads the first of those whose number is greater, ascending; none where there are no more
 * @param options.mostBytes where they take more they are given up, until all are to be read again
 * @returns the rows, as exact as those of a mirror: a snapshot for as long as nothing is awaited. Null: they are not there
 */
export async function createLargeMirror<
  Row extends { readonly number: number },
  Rows extends LargelyKept<Row>,
>(options: {
  signals: Signals
  topics: readonly string[]
  read: (numbers: readonly number[]) => Promise<readonly Row[]>
  readAfter: (number: number) => Promise<readonly Row[]>
  keep: () => Rows
  mostBytes: number
}): Promise<() => Promise<Rows | null>> {
  const { signals, topics, read, readAfter, keep, mostBytes } = options
  const changed = new Set<number>()
  let whole: Rows | null = null
  /** What was whole, and is to be brought to what changed since. */
  let behind: Rows | null = null
  let isWanted = false
  let isReading = false
  let isTooMuch = false
  /** How often all that was read has become old. */
  let age = 0
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<Rows | null> | null = null

  function forget(): void {
    age++
    whole = null
    behind = null
    isTooMuch = false
    changed.clear()
    if (isWanted) readAside()
  }

  function readAside(): void {
    isWanted = true
    if (isReading || isTooMuch) return
    isReading = true
    readAll()
      // Whoever asks next has it tried again.
      .catch(() => undefined)
      .finally(() => {
        isReading = false
      })
  }

  async function readAll(): Promise<void> {
    for (let begun = -1; begun !== age; ) {
      begun = age
      const rows = behind ?? (await readEach(begun))
      behind = null
      // What was told meanwhile is read again: it is not known whether it was read before or after.
      while (rows && changed.size > mostAwaited && begun === age)
        await withRest(() => readAgain(rows, [...changed].slice(0, mostAwaited)))
      if (begun === age) whole = rows
    }
  }

  /** @returns null where they take too much, or are old already */
  async function readEach(begun: number): Promise<Rows | null> {
    const rows = keep()
    for (let after = 0; begun === age; ) {
      const part = await withRest(async () => {
        const part = await readAfter(after)
        for (const row of part) rows.put(row)
        return part
      })
      isTooMuch = begun === age && rows.bytes > mostBytes
      if (isTooMuch) return null
      const end = part.at(-1)
      if (!end) return rows
      after = end.number
    }
    return null
  }

  async function readAgain(rows: Rows, numbers: readonly number[]): Promise<void> {
    // Before they are read: what changes from here on is read again next time.
    for (const number of numbers) changed.delete(number)
    const found = new Map((await read(numbers)).map((row) => [row.number, row]))
    for (const number of numbers) {
      const row = found.get(number)
      if (row) rows.put(row)
      else rows.remove(number)
    }
  }

  async function refresh(): Promise<Rows | null> {
    next = null
    const rows = whole
    if (!rows || changed.size === 0) return rows
    if (changed.size > mostAwaited) {
      behind = rows
      whole = null
      readAside()
      return null
    }
    try {
      await readAgain(rows, [...changed])
    } catch (error) {
      forget()
      throw error
    }
    if (rows === whole && rows.bytes > mostBytes) {
      whole = null
      isTooMuch = true
    }
    return whole
  }

  for (const topic of topics)
    signals.on(topic, (text) => {
      if (text === everyRow) forget()
      else changed.add(Number(text))
    })
  await signals.onConnect(async () => forget())
  return () => {
    if (!signals.connected()) return Promise.resolve(null)
    if (!whole) {
      readAside()
      return Promise.resolve(null)
    }
    // The one that runs may have read already what is another by now; the one after it is everyone's who asks until it begins.
    next ??= last.then(refresh, refresh)
    last = next
    return next
  }
}
