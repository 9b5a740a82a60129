import type pg from 'pg'
import { askInOneTrip, type Read } from './read-trip.ts'

/** So many trips at once suffice: what comes meanwhile goes with the next. */
const mostTrips = 2
const mostReads = 64
/** A trip that takes longer is not waited for. */
const patienceMs = 20

/**
 * Asks reads together: those of one turn of the event loop, and those that came while others were under way. The busier, the more at a time.
 * @param pool whose connections they share with all else
 * @param take gets a connection of the pool
 * @returns takes a read, which goes with the next
 */
export function gatherReads(pool: pg.Pool, take: () => Promise<pg.PoolClient>): (read: Read) => void {
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
