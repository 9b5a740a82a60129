import type { Signals } from './signals.ts'

/** The rows of a table in memory, by number. They are a snapshot for as long as nothing is awaited. */
export interface Mirrored<Row> {
  readonly rows: ReadonlyMap<number, Row>
  /** Another one whenever a row is another. */
  readonly version: number
}

const mostReadAlone = 500

/**
 * Keeps rows in the memory of this process, exact by signals that name each row that was inserted, changed or deleted (see `Pages` for
 * what that promises): it reads those again when it is asked next, and all of them at first and after signals may have been missed.
 * While they may be missed, all are read for everyone who asks. A large change costs one reading of all.
 * @param options.topic of the signals; their text is the row's number
 * @param options.read reads the rows that there are with these numbers; all for null
 */
export async function createMirror<Row extends { readonly number: number }>(options: {
  signals: Signals
  topic: string
  read: (numbers: readonly number[] | null) => Promise<readonly Row[]>
}): Promise<() => Promise<Mirrored<Row>>> {
  const { signals, topic, read } = options
  const changed = new Set<number>()
  let missed = true
  let rows = new Map<number, Row>()
  let version = 0
  let turn: Promise<unknown> = Promise.resolve()

  async function refresh(): Promise<Mirrored<Row>> {
    const all = missed || !signals.connected() || changed.size > mostReadAlone
    if (!all && changed.size === 0) return { rows, version }
    const numbers = all ? null : [...changed]
    // Before it is read: what changes from here on is read again next time.
    changed.clear()
    missed = false
    try {
      const found = await read(numbers)
      if (all) rows = new Map()
      for (const number of numbers ?? []) rows.delete(number)
      for (const row of found) rows.set(row.number, row)
      return { rows, version: ++version }
    } catch (error) {
      missed = true
      throw error
    }
  }

  signals.on(topic, (number) => void changed.add(Number(number)))
  await signals.onConnect(async () => {
    missed = true
  })
  return () => {
    const mine = turn.then(refresh, refresh)
    turn = mine
    return mine
  }
}
