import { randomUUID } from 'node:crypto'
import { chmod, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import type { EmbeddedLog } from './log.ts'
import { exists, isAlive, type PidFile, readPidFile } from './pid-file.ts'
import { connect, type Session } from './session.ts'

/** A server that runs, and a connection to it. */
export interface Running {
  readonly pid: number
  readonly port: number
  readonly session: Session
}

const pollMs = 10

/**
 * The server of these data that runs already: another process started it, or one that was killed left it behind.
 * @throws where a server is there and does not get ready within ten minutes
 */
export async function findRunning(cluster: Cluster, log: EmbeddedLog): Promise<Running | null> {
  const began = performance.now()
  for (;;) {
    const file = await readPidFile(cluster.data)
    if (!file) return null
    const { pid, port } = file
    const answer = isAlive(pid) ? await ask(cluster, file) : 'foreign'
    if (typeof answer === 'object') return { pid, port, session: answer }
    const patience = (await worksIn(pid, cluster.data)) ? patienceMs.starting : patienceMs[answer]
    if (!isAlive(pid) || performance.now() - began >= patience) {
      if (patience === patienceMs.starting && isAlive(pid)) {
        throw new Error(
          `PostgreSQL, process ${pid}, has not been ready for ten minutes: end it, and start again.`,
        )
      }
      log.warn({ pid, data: cluster.data }, 'the embedded PostgreSQL was not shut down: it recovers')
      // PostgreSQL sees for itself that a process is gone, but takes any process of that number, even a zombie, for its own.
      if (exists(pid)) await rm(join(cluster.data, 'postmaster.pid'), { force: true })
      return null
    }
    await pause(pollMs)
  }
}

/** Why there is no connection, and how long that may last before the process is taken for another program, milliseconds. */
const patienceMs = {
  /** Another server answers, or none although ours would. */
  foreign: 0,
  /** Nothing listens yet: a server opens its port some milliseconds after it wrote the file. */
  closed: 3_000,
  /** Nothing that makes sense: it may be busy, or just be crashing. */
  unclear: 30_000,
  /** It says that it starts or recovers; after a crash that can take minutes. */
  starting: 600_000,
}
type Refusal = keyof typeof patienceMs

/** Whether the server behind a port is the one of these data: it knows the password, and reads a file written just now. */
async function ask({ data, password }: Cluster, { port, status }: PidFile): Promise<Session | Refusal> {
  if (port === 0) return 'closed'
  const session = await connect(port, password).catch((error: unknown) => refusalOf(error, status))
  if (typeof session === 'string') return session
  const name = 'lectern.probe'
  const probe = join(data, name)
  const nonce = randomUUID()
  try {
    await writeFile(probe, nonce)
    await chmod(probe, 0o644) // root writes it and the server's account reads it; the folder is closed to others
    const { rows } = await session.client.query('select pg_read_file($1, true) as said', [name])
    if (rows[0]?.said === nonce) return session
    await session.client.end()
    return 'foreign'
  } catch (error) {
    await session.client.end()
    return refusalOf(error, status)
  } finally {
    await rm(probe, { force: true })
  }
}

/** SQLSTATEs: PostgreSQL, appendix A. */
const refusals: Readonly<Record<string, Refusal>> = {
  '28P01': 'foreign', // wrong password
  '28000': 'foreign', // no such user
  '57P01': 'starting', // it is being shut down
  '57P02': 'starting', // a backend crashed
  '57P03': 'starting', // it starts, recovers or stops
  '53300': 'starting', // too many connections
}

function refusalOf(error: unknown, status: string): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EROFS' || code === 'EACCES') throw error // of the probe
  if (code === 'ECONNREFUSED') return status === 'ready' ? 'foreign' : 'closed'
  return refusals[code] ?? 'unclear'
}

/** Linux: whether a process has the data folder as its own, as a postmaster has (proc_pid_cwd(5)). False if one cannot know. */
async function worksIn(pid: number, data: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    const [its, ours] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(data)])
    return its.ino === ours.ino && its.dev === ours.dev
  } catch {
    return false
  }
}
