import type pg from 'pg'
import { askInOneTrip, type Read, valuesToSend } from './read-trip.ts'

/** So many trips at once suffice: what comes meanwhile goes with the next. */
const mostTrips = 2
const mostReads = 64
/** A trip that takes longer is not waited for. */
const patienceMs = 20

interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

const askers = new WeakMap<object, (statement: Statement) => Promise<unknown[]>>()

/**
 * Asks a statement that only reads together with others, and gives its rows.
 * @param executor of the handle it is asked on
 * @returns undefined where the handle is a transaction, whose statements are its own
 */
export function askTogether(executor: object, statement: Statement): Promise<unknown[]> | undefined {
  return askers.get(executor)?.(statement)
}

/**
 * Has what is read on a handle that is no transaction asked together.
 * @param executor of that handle and of no other: each transaction has its own
 * @param options.pool whose connections they share with all else
 * @param options.take gets a connection of the pool
 * @param options.note hears of each statement with the milliseconds it took
 */
export function readTogetherOn(
  executor: object,
  options: {
    pool: pg.Pool
    take: () => Promise<pg.PoolClient>
    note: (text: string, milliseconds: number) => void
  },
): void {
  const { pool, take, note } = options
  const send = gatherReads(pool, take)
  askers.set(
    executor,
    ({ name, text, values }) =>
      new Promise((resolve, reject) => {
        send({
          name,
          text,
          values: valuesToSend(values),
          answer(rows, milliseconds) {
            note(text, milliseconds)
            resolve(rows)
          },
          fail(error, milliseconds) {
            note(text, milliseconds)
            reject(error)
          },
        })
      }),
  )
}

/**
 * What is asked in one turn of the event loop, or while others are under way, goes together: the busier, the more at a time.
 * @returns takes a read, which goes with the next
 */
function gatherReads(pool: pg.Pool, take: () => Promise<pg.PoolClient>): (read: Read) => void {
  const waiting: Read[] = []
  let trips = 0
  let isDue = false

  function go(): void {
    isDue = false
    while (trips < mostTrips && waiting.length > 0) void ask(waiting.splice(0, mostReads))
  }

  async function ask(first: Read[]): Promise<void> {
    let reads = first
    let isWaitedFor = true
    const letOthersGo = () => {
      if (!isWaitedFor) return
      isWaitedFor = false
      trips--
      go()
    }
    trips++
    const timer = setTimeout(letOthersGo, patienceMs)
    try {
      const client = await take()
      try {
        while (reads.length > 0) {
          await askInOneTrip(client, reads)
          // Those that are left are asked before others. Whoever waits for a connection is to have this one.
          waiting.unshift(...reads)
          reads = isWaitedFor && pool.waitingCount === 0 ? waiting.splice(0, mostReads) : []
          timer.refresh()
        }
      } finally {
        client.release()
      }
    } catch (error) {
      for (const read of reads) read.fail(error, 0)
    } finally {
      clearTimeout(timer)
      letOthersGo()
      go()
    }
  }

  return (read) => {
    waiting.push(read)
    if (isDue || trips >= mostTrips) return
    isDue = true
    setImmediate(go)
  }
}
