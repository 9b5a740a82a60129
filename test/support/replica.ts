import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { vi } from 'vitest'
import { runnerForData, spawnAs } from '../../src/platform/database/embedded/account.ts'
import { findBinaries } from '../../src/platform/database/embedded/binaries.ts'
import { ask } from './databases.ts'
import { freePort } from './server.ts'

/** A streaming replica of an embedded server, on loopback. */
export interface ReplicaServer {
  readonly url: string
  /** SIGQUIT, PostgreSQL's "immediate" shutdown: connections break, nothing is finished. */
  kill(): Promise<void>
  /** At the same address as before. */
  start(): Promise<void>
  /** Goes on receiving, and shows nothing of it. */
  pause(): Promise<void>
  resume(): Promise<void>
}

/**
 * Makes a replica by a low-level base backup (PostgreSQL documentation, "Making a Base Backup Using the Low Level API"): the programs of npm
 * have no pg_basebackup.
 * @param primary.url of the primary's database
 * @param primary.dataDir the folder that its embedded server lives in
 * @param folder for the replica's own files; others may enter it
 */
export async function startReplica(
  primary: { url: string; dataDir: string },
  folder: string,
): Promise<ReplicaServer> {
  const data = join(folder, 'postgres')
  await copyData(primary, data)
  const { hostname, port: primaryPort, username, password } = new URL(primary.url)
  await appendFile(
    join(data, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${hostname} port=${primaryPort} user=${username} password=${password}'\n`,
  )
  const port = await freePort()
  const url = new URL(primary.url)
  url.port = String(port)
  const { postgres } = await findBinaries()
  const runner = await runnerForData(data, postgres)
  let server: ChildProcess | null = null

  async function start(): Promise<void> {
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 100,
      fsync: 'off',
    }
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const log = await open(join(folder, 'replica.log'), 'a')
    server = spawnAs(runner, postgres, ['-D', data, ...args], { stdio: ['ignore', log.fd, log.fd] })
    await log.close()
    await vi.waitFor(() => ask(url.href, 'select pg_is_in_recovery()'), { timeout: 30_000, interval: 50 })
  }
  await start()

  return {
    url: url.href,
    start,
    async kill() {
      if (!server || server.exitCode !== null || server.signalCode !== null) return
      const gone = once(server, 'exit')
      server.kill('SIGQUIT')
      await gone
    },
    pause: async () => void (await ask(url.href, 'select pg_wal_replay_pause()')),
    resume: async () => void (await ask(url.href, 'select pg_wal_replay_resume()')),
  }
}

async function copyData(primary: { url: string; dataDir: string }, data: string): Promise<void> {
  const client = new pg.Client({ connectionString: primary.url })
  await client.connect()
  try {
    await client.query(`select pg_backup_start('replica', true)`)
    await promisify(execFile)('cp', ['-a', join(primary.dataDir, 'postgres'), data])
    const { rows } = await client.query('select labelfile from pg_backup_stop(false)')
    for (const own of ['postmaster.pid', 'postmaster.opts']) await rm(join(data, own), { force: true })
    await writeFile(join(data, 'backup_label'), rows[0].labelfile)
    await writeFile(join(data, 'standby.signal'), '')
    await promisify(execFile)('chmod', ['0644', join(data, 'backup_label'), join(data, 'standby.signal')])
    await promisify(execFile)('chown', [
      '--reference',
      join(data, 'PG_VERSION'),
      join(data, 'backup_label'),
      join(data, 'standby.signal'),
    ])
  } finally {
    await client.end()
  }
}
