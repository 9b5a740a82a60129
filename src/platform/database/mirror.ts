import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Signals } from './signals.ts'

/** What rows are kept in, by number. */
export interface Kept<Row> {
  /** In the place of the row with its number, if there is one. */
  put(row: Row): void
  remove(number: number): void
}

/** The text of a signal that says of no single row that it is another, but that all are to be read. */
export const everyRow = 'all'

const mostReadAlone = 500
const mostAtOnce = 1_000

/**
 * Keeps rows in the memory of this process, exact by signals that name each row that was inserted, changed or deleted (see `Pages` for
 * what that promises): it reads those again when it is asked next, and all of them at first and after signals may have been missed.
 * While they may be missed, all are read for whoever asks: one reading for all who asked before it began. A large change costs one
 * reading of all. What it answers is a snapshot for as long as nothing is awaited.
 * @param options.topics of the signals; their text is the row's number, or `everyRow`
 * @param options.read reads the rows that there are with these numbers; all for null
 * @param options.keep makes what a reading of all is put in, a part at a time, so that others have their turns
 */
export async function createMirror<Row extends { readonly number: number }, Rows extends Kept<Row>>(options: {
  signals: Signals
  topics: readonly string[]
  read: (numbers: readonly number[] | null) => Promise<readonly Row[]>
  keep: () => Rows
}): Promise<() => Promise<Rows>> {
  const { signals, topics, read, keep } = options
  const changed = new Set<number>()
  let missed = true
  let rows = keep()
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<Rows> | null = null

  async function readAll(): Promise<Rows> {
    const found = await read(null)
    const all = keep()
    for (const [at, row] of found.entries()) {
      all.put(row)
      if (at % mostAtOnce === mostAtOnce - 1) await othersTurn()
    }
    return all
  }

  async function readAgain(numbers: readonly number[]): Promise<Rows> {
    const found = new Map((await read(numbers)).map((row) => [row.number, row]))
    for (const number of numbers) {
      const row = found.get(number)
      if (row) rows.put(row)
      else rows.remove(number)
    }
    return rows
  }

  async function refresh(): Promise<Rows> {
    next = null
    const all = missed || !signals.connected() || changed.size > mostReadAlone
    if (!all && changed.size === 0) return rows
    const numbers = [...changed]
    // Before it is read: what changes from here on is read again next time.
    changed.clear()
    missed = false
    try {
      rows = await (all ? readAll() : readAgain(numbers))
      return rows
    } catch (error) {
      missed = true
      throw error
    }
  }

  for (const topic of topics)
    signals.on(topic, (text) => {
      if (text === everyRow) missed = true
      else changed.add(Number(text))
    })
  await signals.onConnect(async () => {
    missed = true
  })
  return () => {
    // The one that runs may have read already what is another by now; the one after it is everyone's who asks until it begins.
    next ??= last.then(refresh, refresh)
    last = next
    return next
  }
}
