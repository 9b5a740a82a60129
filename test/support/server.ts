import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import options from '../../bin/node-options.json' with { type: 'json' }
import { type Client, httpClient } from './http.ts'

/** A real `lectern` process. */
export interface ServerProcess {
  readonly url: string
  readonly client: Client
  readonly process: ChildProcess
  /** Everything it has said so far, on both streams. */
  output(): string
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>
}

const root = join(import.meta.dirname, '../..')
const main = join(root, 'src/main.ts')
/** As `bin/lectern.js` starts it: what is compiled anew takes 10 MB of the server, and seconds. */
const cache = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'lectern') }

/** Starts `lectern serve` and resolves when it says that it is up; throws with its output when it exits instead. */
export async function startServer(options: {
  data: string
  port: number
  env?: Record<string, string>
}): Promise<ServerProcess> {
  const { data, port, env = {} } = options
  const { child, output, exited } = startLectern(['serve'], {
    LECTERN_DATA: data,
    PORT: String(port),
    LECTERN_DEMO: 'off',
    LOG_LEVEL: 'warn',
    RATE_LIMITS: 'off',
    ...env,
  })
  const up = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => output().includes('Lectern is up') && resolve())
  })
  await Promise.race([
    up,
    exited.then((code) => {
      throw new Error(`lectern exited with ${code}:\n${output()}`)
    }),
  ])
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    client: httpClient(url),
    process: child,
    output,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** Runs a command of `lectern` to its end, with a text on standard input. */
export async function runLectern(
  args: string[],
  env: Record<string, string>,
  input = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, exited } = startLectern(args, env)
  child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  return { code: await exited, stdout, stderr }
}

function startLectern(args: string[], env: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [...options, main, ...args], {
    env: { PATH, HOME, ...cache, ...env },
    stdio: 'pipe',
  })
  let said = ''
  child.stdout?.on('data', (chunk) => (said += chunk))
  child.stderr?.on('data', (chunk) => (said += chunk))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => said, exited }
}

/** A worker process beside a server. */
export function startWorker(
  data: string,
  env: Record<string, string> = {},
): {
  /** Resolves when it says that it works; throws with its output when it exits instead. */
  readonly up: Promise<void>
  stop(): Promise<number | null>
} {
  const { child, output, exited } = startLectern(['worker'], {
    LECTERN_DATA: data,
    LOG_LEVEL: 'warn',
    ...env,
  })
  const up = Promise.race([
    new Promise<void>((resolve) => {
      child.stdout?.on('data', () => output().includes('Working background jobs') && resolve())
    }),
    exited.then((code) => {
      throw new Error(`lectern worker exited with ${code}:\n${output()}`)
    }),
  ])
  up.catch(() => undefined)
  return {
    up,
    async stop() {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** A port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
