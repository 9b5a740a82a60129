import { setTimeout as rest } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { everyRow } from './mirror.ts'
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

/** What very many rows are kept in, by number. */
export interface LargelyKept<Row> {
  /** @param row one whose number is not in it */
  put(row: Row): void
  /** @param numbers those that there are not are passed over. All that change at once, for to take one out may cost as much as several. */
  remove(numbers: readonly number[]): void
  /** How much memory it takes, about. */
  readonly bytes: number
}

/** What is being read. */
interface Coming<Rows> {
  readonly rows: Rows
  /** The greatest number that was read; null where all were, so that they are brought to what changed since. */
  after: number | null
}

/**
 * Keeps rows as `createMirror` does, where they are so many that nobody is to wait until all are read: this goes on aside, a part at a time
 * with rests between, and meanwhile whoever asks is told that they are not there. Nothing is read before the first asks. Where a reading
 * fails, what was read is kept, and whoever asks next has it go on: a database that refuses for a moment is not asked for all again.
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
  log: Log
  topics: readonly string[]
  read: (numbers: readonly number[]) => Promise<readonly Row[]>
  readAfter: (number: number) => Promise<readonly Row[]>
  keep: () => Rows
  mostBytes: number
}): Promise<() => Promise<Rows | null>> {
  const { signals, log, topics, read, readAfter, keep, mostBytes } = options
  const changed = new Set<number>()
  let whole: Rows | null = null
  let coming: Coming<Rows> | null = null
  let isWanted = false
  let isReading = false
  let isTooMuch = false
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<Rows | null> | null = null

  function forget(): void {
    whole = null
    coming = null
    isTooMuch = false
    changed.clear()
    if (isWanted) readAside()
  }

  function readAside(): void {
    isWanted = true
    if (isReading || isTooMuch) return
    isReading = true
    readToEnd()
      // Whoever asks next has it go on from there.
      .catch((error) => log.warn({ err: error, topics }, 'could not read rows that are kept in memory'))
      .finally(() => {
        isReading = false
      })
  }

  async function readToEnd(): Promise<void> {
    while (!whole && !isTooMuch) await withRest(readPart)
  }

  async function readPart(): Promise<void> {
    // What was told before a reading of all begins is found by it.
    if (!coming) changed.clear()
    coming ??= { rows: keep(), after: 0 }
    const mine = coming
    if (mine.after !== null) mine.after = await readNext(mine.rows, mine.after)
    else await readAgain(mine.rows, [...changed.values().take(mostAwaited)])
    if (mine !== coming) return
    isTooMuch = mine.rows.bytes > mostBytes
    // What was told meanwhile is read again: it is not known whether it was read before or after.
    const isWhole = mine.after === null && changed.size <= mostAwaited
    if (!isTooMuch && !isWhole) return
    coming = null
    if (!isTooMuch) whole = mine.rows
  }

  /** @returns the greatest number that was read; null where there are no more */
  async function readNext(rows: Rows, after: number): Promise<number | null> {
    const part = await readAfter(after)
    for (const row of part) rows.put(row)
    return part.at(-1)?.number ?? null
  }

  async function readAgain(rows: Rows, numbers: readonly number[]): Promise<void> {
    // Before they are read: what changes from here on is read again next time.
    for (const number of numbers) changed.delete(number)
    try {
      const found = await read(numbers)
      rows.remove(numbers)
      for (const row of found) rows.put(row)
    } catch (error) {
      for (const number of numbers) changed.add(number)
      throw error
    }
  }

  async function refresh(): Promise<Rows | null> {
    next = null
    const rows = whole
    if (!rows || changed.size === 0) return rows
    if (changed.size > mostAwaited) {
      whole = null
      coming = { rows, after: null }
      readAside()
      return null
    }
    await readAgain(rows, [...changed])
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
