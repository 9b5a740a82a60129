import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { give, type Runner, refuseForeign, runnerForData, runnerForNew, spawnAs } from './account.ts'
import type { Binaries } from './binaries.ts'
import type { EmbeddedLog } from './log.ts'

/** The files of one embedded server. */
export interface Cluster {
  readonly folder: string
  readonly data: string
  readonly logFile: string
  readonly password: string
}

export const superuser = 'lectern'
const staging = 'postgres.new-'

/**
 * Makes the data folder on first use, or checks the one there is.
 * @returns the files, and how to run the server on them (asked for when it must be started)
 * @throws where the data is of another major version of PostgreSQL, or the password is lost
 */
export async function ensureCluster(
  folder: string,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
  log: EmbeddedLog,
): Promise<{ cluster: Cluster; runner: () => Promise<Runner> }> {
  const data = join(folder, 'postgres')
  await refuseForeign(data)
  const version = await readText(join(data, 'PG_VERSION'))
  const password = await ensurePassword(folder, version === null)
  const cluster = { folder, data, logFile: join(folder, 'postgres.log'), password }
  if (version !== null) {
    refuseOtherVersion(version, binaries.major, data)
    return { cluster, runner: () => runnerForData(data, binaries.postgres) }
  }
  const began = performance.now()
  const runner = await initialise(cluster, binaries, settings, log)
  log.info({ data, ms: Math.round(performance.now() - began) }, 'the embedded PostgreSQL has new, empty data')
  return { cluster, runner: async () => runner }
}

function refuseOtherVersion(found: string, major: string, data: string): void {
  if (found === major) return
  throw new Error(
    `${data} was made by PostgreSQL ${found}; the embedded server is ${major} and cannot read it. ` +
      `Start the Lectern release that used ${found}, dump the database (lectern backup), ` +
      'move the folder away, and restore the dump with this release (lectern restore).',
  )
}

/**
 * initdb works in a folder beside, which gets the real name when it is complete: what is there under that name is whole,
 * and one that was killed half-way is simply begun again.
 */
async function initialise(
  cluster: Cluster,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
  log: EmbeddedLog,
): Promise<Runner> {
  await removeLeftovers(cluster.folder)
  const beside = join(cluster.folder, `${staging}${randomBytes(4).toString('hex')}`)
  await mkdir(beside, { mode: 0o700 })
  try {
    const runner = await runnerForNew(beside, binaries.postgres, log)
    const passwordFile = join(beside, 'password')
    await writeDurably(passwordFile, cluster.password)
    await give(passwordFile, runner)
    await runInitdb(join(beside, 'data'), passwordFile, binaries, settings, runner)
    await rename(join(beside, 'data'), cluster.data)
    await syncFolder(cluster.folder)
    return runner
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/**
 * Text is compared by code point everywhere (the builtin provider's C.UTF-8): the same on every machine, so that no upgrade of a
 * C library or ICU can damage an index; upper and lower case follow Unicode. A query that wants a language's order names an ICU
 * collation.
 */
async function runInitdb(
  data: string,
  passwordFile: string,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
  runner: Runner,
): Promise<void> {
  const args = [
    ...['--pgdata', data, '--username', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...(settings.fsync === 'off' ? ['--no-sync'] : []),
  ]
  const initdb = spawnAs(runner, binaries.initdb, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const [said, [code, signal]] = await Promise.all([
    initdb.stderr ? text(initdb.stderr) : '',
    once(initdb, 'exit').catch((error: Error) => [error.message, null]),
  ])
  if (code !== 0) throw new Error(`initdb failed (${signal ?? code}): ${said.trim()}${musl(code)}`)
}

/** The kernel says "no such file" of a program whose loader is missing, as glibc's is on Alpine. */
function musl(failure: unknown): string {
  return String(failure).includes('ENOENT') ? ' It needs a Linux with glibc; elsewhere set DATABASE_URL.' : ''
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    // An initdb whose Lectern was killed may still write there; then the next start removes it.
    if (name.startsWith(staging))
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => {})
  }
}

async function ensurePassword(folder: string, mayMake: boolean): Promise<string> {
  const file = join(folder, 'postgres-password')
  await refuseForeign(file)
  const known = await readText(file)
  if (known) return known
  if (!mayMake)
    throw new Error(`${file}, the password of the database beside it, is lost: put it back from a backup.`)
  const made = randomBytes(24).toString('base64url')
  const beside = `${file}.new`
  await rm(beside, { force: true })
  await writeDurably(beside, made)
  await rename(beside, file)
  await syncFolder(folder)
  return made
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${content}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A new name survives a power cut when its folder is written out too; Windows neither needs nor allows it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then(
    (content) => content.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    },
  )
}
