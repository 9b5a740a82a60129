import { access, constants, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Binaries, findBinaries } from './embedded/binaries.ts'
import { ensureCluster, superuser } from './embedded/cluster.ts'
import { findRunning, type Running } from './embedded/find-running.ts'
import { guard } from './embedded/guard.ts'
import type { EmbeddedLog } from './embedded/log.ts'
import { isAlive } from './embedded/pid-file.ts'
import { startServer, stopServer } from './embedded/postmaster.ts'
import { ensureDatabase, isLastUser, tryServe, useServer } from './embedded/session.ts'
import { inTurn } from './embedded/turn.ts'

export interface EmbeddedServer {
  /** `postgres://lectern:<password>@127.0.0.1:<port>/lectern`; stays the same while this is open. */
  readonly url: string
  /** The postmaster's process; another one after it died and was started again. */
  readonly pid: number
  /** Whether it ran already, for another process or left behind by one that was killed. */
  readonly adopted: boolean
  /** Gives the server up, and shuts it down (awaiting its end) unless another process uses it. May be called twice. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** Where the data, password and log are kept, such as `.lectern`; made if missing. */
  readonly dataDir: string
  readonly log: EmbeddedLog
  /** Be the only process that serves these data; others may still use them, as commands do. Default false. */
  readonly exclusive?: boolean
  /** PostgreSQL's configuration parameters by name, for a server that is started now: `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>
  /** Called once when the server died and cannot be brought back at the same address. Without it, that is only logged. */
  readonly onFailure?: (error: Error) => void
}

/** Another process serves the same data already. */
export class EmbeddedInUseError extends Error {
  readonly code = 'EMBEDDED_IN_USE'
  /** Of the process that serves, if it is known. */
  readonly pid: number | null

  constructor(dataDir: string, pid: number | null) {
    super(
      `Another Lectern${pid === null ? '' : ` (process ${pid})`} already serves ${dataDir}. ` +
        'Stop it first, or give this one a folder of its own with LECTERN_DATA.',
    )
    this.name = 'EmbeddedInUseError'
    this.pid = pid
  }
}

const releaseMs = 5_000

/** Whether there is a server's data in a folder already, as `openEmbedded` would make them. */
export function hasEmbedded(dataDir: string): Promise<boolean> {
  return access(join(dataDir, 'postgres', 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

/**
 * Opens the PostgreSQL that lives in a folder: makes its data on first use, starts it unless it runs, and starts it again at the
 * same address when it dies. It accepts connections when this resolves. Any number of processes may open the same folder.
 * It listens on 127.0.0.1 alone, and asks for a password that is generated and kept in the folder, mode 0600.
 * @throws {EmbeddedInUseError} with `exclusive`, where another process serves the folder
 * @throws where no program exists for this platform, the data is of another major version, or the server does not start
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log } = options
  const binaries = await findBinaries()
  await mkdir(options.dataDir, { recursive: true })
  const dataDir = await realpath(options.dataDir)
  await access(dataDir, constants.W_OK)
  const first = await inTurn(dataDir, log, () => enter({ ...options, dataDir }, binaries))
  const { password, port } = first
  let current = first
  const closing = new AbortController()
  const guarded = guard(first, {
    again: async () => {
      current = await inTurn(dataDir, log, () => enter({ ...options, dataDir }, binaries, port))
      return current
    },
    log,
    onFailure: options.onFailure ?? (() => {}),
    signal: closing.signal,
  })

  async function stop(): Promise<void> {
    closing.abort()
    await guarded
    await inTurn(dataDir, log, async () => {
      const { session, pid } = current
      if (await leave(session)) await stopServer(pid, binaries, log)
    })
  }
  let stopped: Promise<void> | null = null

  return {
    url: `postgres://${superuser}:${password}@127.0.0.1:${port}/lectern`,
    get pid() {
      return current.pid
    },
    adopted: first.adopted,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

interface Entry extends Running {
  readonly adopted: boolean
  readonly password: string
}

/** Called in turn. @param port where this process expects the server, when it had one before */
async function enter(options: EmbeddedOptions, binaries: Binaries, port?: number): Promise<Entry> {
  const { dataDir, log, settings = {}, exclusive = false } = options
  const { cluster, runner } = await ensureCluster(dataDir, binaries, settings, log)
  const found = await findRunning(cluster, log)
  const running =
    found ??
    (await startServer({
      cluster,
      binaries,
      runner: await runner(),
      settings,
      log,
      ...(port ? { port } : {}),
    }))
  const { pid, session } = running
  try {
    if (port && port !== running.port) {
      throw new Error(
        `The embedded PostgreSQL was started elsewhere, on port ${running.port}: start Lectern again.`,
      )
    }
    await useServer(session)
    if (exclusive) await serve(running, dataDir, port !== undefined)
    await ensureDatabase(session, 'lectern')
  } catch (error) {
    await session.client.end()
    if (!found) await stopServer(pid, binaries, log)
    throw error
  }
  log.info(
    { pid, port: running.port },
    found ? 'the embedded PostgreSQL runs already' : 'the embedded PostgreSQL has started',
  )
  return { ...running, adopted: found !== null, password: cluster.password }
}

/**
 * The lock of a process that was killed a moment ago is released when the server notices, and so is that of our own connection
 * that was lost, when we come back.
 */
async function serve({ session }: Running, dataDir: string, back: boolean): Promise<void> {
  const began = performance.now()
  for (;;) {
    const other = await tryServe(session)
    if (!other) return
    // Who is not told any more has released it since.
    const gone = other.pid === null || !isAlive(other.pid) || (back && other.pid === process.pid)
    if (!gone || performance.now() - began > releaseMs) throw new EmbeddedInUseError(dataDir, other.pid)
    await pause(20)
  }
}

/**
 * Called in turn; the locks are released when the connection has ended.
 * @returns whether nobody else uses the server; false too when it is gone already
 */
async function leave(session: Running['session']): Promise<boolean> {
  try {
    return await isLastUser(session)
  } catch {
    return false
  } finally {
    await session.client.end().catch(() => {})
  }
}
