import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Runner, spawnAs } from './account.ts'
import type { Binaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import type { Running } from './find-running.ts'
import type { EmbeddedLog } from './log.ts'
import { isAlive, readPidFile } from './pid-file.ts'
import { connect } from './session.ts'

const pollMs = 10
const orphansMs = 10_000
const stopMs = 60_000
const logBytes = 10 * 1024 * 1024

const standardSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // paths of sockets may have 107 bytes only
  cluster_name: 'lectern',
  // Taken as it is used: a small school's rows never fill it, and a large one's are not read from the system anew each time.
  shared_buffers: '256MB',
  // A row by its index costs nearly what the next row does where data lie in memory or on a drive without a head.
  random_page_cost: '1.1',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  // Errors of statements reach the program that sent them; here their values would be a leak, and without bound.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
}

/**
 * Starts the server and connects to it. Call it in turn, when `findRunning` found none.
 * @param options.port the port to listen on; without it, a free one
 * @param options.settings configuration parameters, by name
 * @throws with the last lines of the server's log
 */
export async function startServer(options: {
  cluster: Cluster
  binaries: Binaries
  runner: Runner
  port?: number
  settings: Readonly<Record<string, string>>
  log: EmbeddedLog
}): Promise<Running> {
  const { cluster, log } = options
  const began = performance.now()
  await rotate(cluster.logFile)
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const before = await sizeOf(cluster.logFile)
    const child = await launch({ ...options, port })
    const pid = await untilReady(child, cluster, log)
    if (pid !== null) {
      try {
        return { pid, port, session: await connect(port, cluster.password) }
      } catch (error) {
        await stopServer(pid, options.binaries, log)
        throw error
      }
    }
    const said = (await readFile(cluster.logFile, 'utf8').catch(() => '')).slice(before).trim()
    // Server processes that survive their killed postmaster hold its shared memory until they notice.
    const orphans = /pre-existing shared memory block/.test(said) && performance.now() - began < orphansMs
    const portTaken = /could not bind|could not create any TCP/.test(said) && attempt < 5
    const killed = child.signalCode !== null && attempt < 5
    if (!orphans && !portTaken && !killed) {
      const end = said.slice(-2_000)
      throw new Error(`The embedded PostgreSQL does not start. Its log, ${cluster.logFile}, ends:\n${end}`)
    }
    await pause(100)
  }
}

async function launch(options: {
  cluster: Cluster
  binaries: Binaries
  runner: Runner
  port: number
  settings: Readonly<Record<string, string>>
}): Promise<ChildProcess> {
  const { cluster, binaries, runner, port, settings } = options
  const said = Object.entries({ ...standardSettings, ...settings, port: String(port) })
  const args = ['-D', cluster.data, ...said.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const output = await open(cluster.logFile, 'a', 0o600)
  try {
    // Detached: a Ctrl-C in the terminal must reach us, not end the database under the requests we still answer.
    const stdio = ['ignore' as const, output.fd, output.fd]
    const child = spawnAs(runner, binaries.postgres, args, { detached: true, stdio })
    await once(child, 'spawn')
    child.unref()
    return child
  } finally {
    await output.close()
  }
}

/** The process id once the server accepts connections, or null when it ended before. */
async function untilReady(child: ChildProcess, cluster: Cluster, log: EmbeddedLog): Promise<number | null> {
  const began = performance.now()
  for (let said = false; child.pid && child.exitCode === null && child.signalCode === null; ) {
    const file = await readPidFile(cluster.data)
    if (file?.pid === child.pid && file.status === 'ready') return child.pid
    const waited = performance.now() - began
    if (waited > 5_000 && !said) {
      said = true
      log.info(
        { pid: child.pid },
        'the embedded PostgreSQL replays its log after a crash; this can take minutes',
      )
    }
    await pause(pollMs)
  }
  return null
}

/** Shuts the server down: open transactions are rolled back, everything is written out, the process has ended. */
export async function stopServer(pid: number, binaries: Binaries, log: EmbeddedLog): Promise<void> {
  await signal(pid, 'SIGINT', binaries) // "fast" shutdown, PostgreSQL manual, "Shutting Down the Server"
  const began = performance.now()
  let urged = false
  while (isAlive(pid)) {
    if (!urged && performance.now() - began > stopMs) {
      urged = true
      log.warn(
        { pid },
        'the embedded PostgreSQL takes longer than a minute to stop: it is ended, and recovers at the next start',
      )
      await signal(pid, 'SIGQUIT', binaries)
    }
    await pause(pollMs)
  }
}

async function signal(pid: number, name: 'SIGINT' | 'SIGQUIT', { pgCtl }: Binaries): Promise<void> {
  // Windows has no signals; PostgreSQL brings its own.
  if (process.platform === 'win32')
    await promisify(execFile)(pgCtl, ['kill', name.slice('SIG'.length), String(pid)])
  else process.kill(pid, name)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The system gives no free port.')
  return address.port
}

/** One old log is kept; the size is looked at when the server starts. */
async function rotate(logFile: string): Promise<void> {
  if ((await sizeOf(logFile)) > logBytes) await rename(logFile, `${logFile}.1`)
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    () => 0,
  )
