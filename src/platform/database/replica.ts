import type pg from 'pg'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { connectBriefly } from './brief-connection.ts'
import type { Database, Db } from './database.ts'

/** Reads that may be some seconds old, by a streaming replica while it keeps up. */
export interface Replica {
  /**
   * Reads by the replica, or by the primary: where there is no replica, where it is away or has fallen behind, and where anything goes
   * wrong while it is asked, so `read` may be run twice and does nothing but SQL. Never for what somebody has just written themselves,
   * for what decides, or for what is kept in memory as exact.
   */
  read<T>(read: (db: Db) => Promise<T>): Promise<T>
  state(): ReplicaState
  close(): Promise<void>
}

/** `none`: there is none; `behind`: what it says is more than five seconds old; `away`: it does not answer, or is no replica. */
export type ReplicaState = 'none' | 'ok' | 'behind' | 'away'

const pulseMs = 1_000
const pulse = { name: 'lectern replica pulse', patienceMs: 2_000 }
/** How old what a replica says may be. */
export const mostLagMs = 5_000

/** Where there is no replica: the primary reads. */
export function withoutReplica(primary: Db): Replica {
  return { read: (read) => read(primary), state: () => 'none', close: async () => undefined }
}

/**
 * Uses a replica for as long as it keeps up, which is looked at each second.
 * @param options.open opens a pool on the replica
 */
export async function openReplica(options: {
  url: string
  primary: { readonly url: string; readonly db: Db }
  open: () => Database
  metrics: Pick<Metrics, 'observeReplicaLag' | 'observeReplicaRead'>
  log: Log
}): Promise<Replica> {
  const { primary, open, metrics, log } = options
  const lag = createLagMeter({ url: options.url, primaryUrl: primary.url })
  let state: ReplicaState = 'none'
  let database: Database | null = null
  let gone = rejectedLater()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function become(next: ReplicaState, reason?: unknown): void {
    if (next === state) return
    log[next === 'ok' ? 'info' : 'warn'](
      { replica: next, err: reason },
      'the state of the replica has changed',
    )
    state = next
    if (next === 'ok') database ??= open()
    if (next === 'away') letGo()
  }

  /** What it has not answered by now is asked of the primary, and connections that hang are waited for by nobody. */
  function letGo(): void {
    gone.reject(new Error('the replica is away'))
    gone = rejectedLater()
    void database?.close().catch(() => undefined)
    database = null
  }

  async function look(): Promise<void> {
    try {
      const lagMs = await lag.measure()
      metrics.observeReplicaLag(lagMs / 1_000)
      become(lagMs > mostLagMs ? 'behind' : 'ok')
    } catch (error) {
      metrics.observeReplicaLag(Number.NaN)
      become('away', error)
    }
    if (!closed) timer = setTimeout(lookNext, pulseMs)
  }
  let looking = look()
  function lookNext(): void {
    looking = look()
  }
  await looking

  return {
    state: () => state,
    async read(read) {
      if (state === 'ok' && database) {
        try {
          const value = await Promise.race([read(database.db), gone.promise])
          metrics.observeReplicaRead('replica')
          return value
        } catch (error) {
          // Also where it lacks a migration still, or cancelled the statement so as to go on replaying.
          log.debug({ err: error }, 'the replica did not answer; the primary is asked')
        }
      }
      metrics.observeReplicaRead('primary')
      return read(primary.db)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
      clearTimeout(timer)
      await lag.close()
      await database?.close()
    },
  }
}

function rejectedLater() {
  const later = Promise.withResolvers<never>()
  later.promise.catch(() => undefined)
  return later
}

/** As many seconds back a replica is followed. */
const mostMarks = 3_600

/**
 * Asks the primary how far its log has come, and the replica up to where it has replayed it (PostgreSQL documentation, "System
 * Administration Functions"). What the replica has passed, it has since that moment, by the clock of this process alone. So it is noticed
 * too that a replica has lost its primary, which by its own account has replayed all that it has.
 */
export function createLagMeter({ url, primaryUrl }: { url: string; primaryUrl: string }) {
  const clients: { primary: pg.Client | null; replica: pg.Client | null } = { primary: null, replica: null }
  let marks: { readonly place: number; readonly at: number }[] = []
  let passedAt = Number.NEGATIVE_INFINITY

  async function close(): Promise<void> {
    const open = Object.values(clients)
    Object.assign(clients, { primary: null, replica: null })
    for (const client of open) await client?.end().catch(() => undefined)
  }

  async function compare(): Promise<number> {
    clients.primary ??= await connectBriefly(primaryUrl, pulse)
    clients.replica ??= await connectBriefly(url, pulse)
    const now = await ask(clients.primary, `pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')`)
    marks.push({ place: Number(now), at: performance.now() })
    const replayed = await ask(clients.replica, `pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')`)
    if (replayed === null || !(await ask(clients.replica, 'pg_is_in_recovery()')))
      throw new Error('DATABASE_REPLICA_URL leads to no streaming replica')
    const passed = marks.findLast(({ place }) => place <= Number(replayed))
    passedAt = passed?.at ?? passedAt
    marks = marks.filter(({ at }) => at > passedAt).slice(-mostMarks)
    return marks.length === 0 ? 0 : performance.now() - passedAt
  }

  return {
    close,
    /** Milliseconds; infinite where it was never seen to have come as far as the primary was. */
    measure: () =>
      compare().catch(async (error) => {
        await close()
        throw error
      }),
  }
}

async function ask(client: pg.Client, expression: string): Promise<unknown> {
  const { rows } = await client.query(`select ${expression} as said`)
  return rows[0]?.said
}
