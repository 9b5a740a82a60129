import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import type { Readable } from 'node:stream'

/** A redis-server of one test's own, on loopback, which keeps nothing on disk. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Stops answering while its connections stay open, as a hanging machine does. */
  pause(): void
  resume(): void
  /** Kills it (SIGKILL); `startRedis({ port })` brings an empty one back. */
  stop(): Promise<void>
}

/** Why a test that needs Redis was skipped. */
export const redisMissing = 'redis-server is not installed; on Debian: apt-get install redis-server'

/** Whether the program `redis-server` is on the path. */
export function redisInstalled(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Whether it came up; false if another process has the port. */
async function ready(output: Readable): Promise<boolean> {
  let text = ''
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    text += chunk
    if (text.includes('Ready to accept connections')) return true
    if (text.includes('Address already in use')) return false
  }
  throw new Error(`redis-server did not start:\n${text}`)
}

/** Starts a server and resolves when it answers. @param options.port where, instead of on any free port */
export async function startRedis(options: { port?: number } = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort())
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: tmpdir() }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)

  if (!(await ready(child.stdout))) {
    if (options.port !== undefined) throw new Error(`port ${port} is taken`)
    return startRedis() // another process took the free port in between
  }
  child.stdout.resume()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      process.off('exit', killAtExit)
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
