import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type EmbeddedOptions, type EmbeddedServer, openEmbedded } from '../embedded.ts'
import type { EmbeddedLog } from './log.ts'

export const runsAsRoot = process.getuid?.() === 0

/** Everything the embedded server has said, for a test to look into. */
export function recordingLog(): EmbeddedLog & { readonly lines: string[] } {
  const lines: string[] = []
  const say = (_facts: object, message: string) => {
    lines.push(message)
  }
  return { info: say, warn: say, error: say, lines }
}

/** A folder for one test, with a space in its path, which other accounts may enter as they may a checkout. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern embedded-'))
  await chmod(folder, 0o755)
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** A copy of a folder with the owners and modes of its files. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to])
}

/** Opens a server without the waits that durability needs, and stops it when the test ends. */
export async function openHere(
  dataDir: string,
  options: Partial<EmbeddedOptions> = {},
): Promise<EmbeddedServer> {
  const server = await openEmbedded({ dataDir, log: recordingLog(), settings: { fsync: 'off' }, ...options })
  onTestFinished(() => server.stop())
  return server
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

export interface Outcome {
  readonly url: string
  readonly pid: number
  readonly adopted: boolean
  readonly error?: string
  readonly code?: string
}

export interface OtherProcess {
  readonly pid: number
  /** What opening came to. */
  readonly outcome: Promise<Outcome>
  /** Lets it stop the server in the orderly way. */
  stop(): Promise<void>
  /** SIGKILL, of its children in the same process group too with `group`. */
  kill(group?: 'group'): Promise<void>
}

const program = `
  import { openEmbedded } from ${JSON.stringify(new URL('../embedded.ts', import.meta.url).href)}
  const [dataDir, exclusive] = process.argv.slice(1)
  const quiet = () => {}
  const log = { info: quiet, warn: quiet, error: quiet }
  const say = (outcome) => process.stdout.write(JSON.stringify(outcome) + '\\n')
  try {
    const server = await openEmbedded({ dataDir, log, exclusive: exclusive === 'exclusive', settings: { fsync: 'off' } })
    say({ url: server.url, pid: server.pid, adopted: server.adopted })
    process.stdin.once('data', async () => {
      await server.stop()
      process.exit()
    })
  } catch (error) {
    say({ error: error.message, code: error.code })
  }
`

/** Opens the server in another process. */
export function openElsewhere(
  dataDir: string,
  options: { exclusive?: boolean; uid?: number; gid?: number } = {},
): OtherProcess {
  const { exclusive = false, ...account } = options
  const args = ['--input-type=module', '-e', program, dataDir, exclusive ? 'exclusive' : 'shared']
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    ...account,
  })
  const kill = (group?: 'group') => end(child, () => process.kill(group ? -pid : pid, 'SIGKILL'))
  const pid = child.pid ?? 0
  onTestFinished(() => kill('group'))
  const lines = child.stdout ? createInterface(child.stdout) : null
  const outcome = lines
    ? once(lines, 'line').then(([line]) => JSON.parse(String(line)) as Outcome)
    : Promise.reject(new Error('the process has no output'))
  outcome.catch(() => {})
  return { pid, outcome, kill, stop: () => end(child, () => child.stdin?.write('stop\n')) }
}

async function end(child: ChildProcess, how: () => unknown): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  how()
  await exited
}
