import type { Socket } from 'node:net'
import pg from 'pg'
import type { Log } from '../log.ts'
import { doTogether } from '../together.ts'
import { connectBriefly } from './brief-connection.ts'

/** How long the bytes of an answer may be on their way after the server has sent it. */
const onTheWayMs = 1_000
const probeMs = 5_000

/** What `pg` has of a client, and its types do not say. */
interface Line {
  readonly processID: number
  /** Whether no answer is awaited. */
  readonly readyForQuery: boolean
  readonly connection: { readonly stream: Socket }
}

/**
 * Gives a connection up on which an answer is awaited and nothing comes, unless the server says that it is at work on it: a line can be
 * dead without a word (a router that forgot it, a server whose machine was replaced), and whoever waits on it would wait for TCP, which
 * is a quarter of an hour at least (RFC 1122, 4.2.3.5). The server is asked over a new connection; where it does not answer there
 * either, it is frozen. What waits gets the error `ETIMEDOUT`, and the pool makes another connection.
 * @param options.silentMs after which the server is asked
 * @returns watches a connection, for as long as there is one. Not one through a pooler, where nobody knows which of the server's it is.
 */
export function watchSilence(options: {
  url: string
  silentMs: number
  log: Log
}): (client: pg.ClientBase) => Promise<void> {
  const { url, silentMs, log } = options

  const isAtWork = doTogether(
    async (processIds: readonly number[]) => {
      const working = await findWorking(url, processIds)
      return processIds.map((processId) => working.has(processId))
    },
    { atOnce: 1, most: 1_000 },
  )

  return async (client) => {
    const line = client as unknown as Line
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    if (rows[0]?.pid !== line.processID) return
    const { stream } = line.connection

    async function ask(): Promise<void> {
      if (line.readyForQuery) return
      const heard = stream.bytesRead
      if (await isAtWork(line.processID)) return
      await new Promise((resolve) => setTimeout(resolve, onTheWayMs))
      if (line.readyForQuery || stream.bytesRead > heard) return
      log.error({ processId: line.processID }, 'the database does not answer: a connection is given up')
      stream.destroy(
        Object.assign(new Error('The database did not answer on this connection.'), { code: 'ETIMEDOUT' }),
      )
    }

    const listen = () => stream.setTimeout(silentMs)
    stream.on('timeout', () => void ask().finally(listen))
    listen()
  }
}

/** Those of the server's processes that are at work. One that waits for its client has answered, or has not heard the question. */
async function findWorking(url: string, processIds: readonly number[]): Promise<ReadonlySet<number>> {
  try {
    const client = await connectBriefly(url, { name: 'lectern probe', patienceMs: probeMs })
    try {
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity
         where pid = any ($1) and state = 'active' and wait_event_type is distinct from 'Client'`,
        [processIds],
      )
      return new Set(rows.map(({ pid }) => pid))
    } finally {
      client.end().catch(() => undefined)
    }
  } catch (error) {
    // It answers, if only that it has no connection left.
    return new Set(error instanceof pg.DatabaseError ? processIds : [])
  }
}
