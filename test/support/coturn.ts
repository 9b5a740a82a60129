import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { freePort } from './server.ts'

const program = 'turnserver'

/** Why tests that need coturn are skipped, or false where it is there. */
export const noCoturn =
  spawnSync(program, ['--help']).error === undefined
    ? false
    : 'coturn is not installed: apt-get install coturn'

/** A TURN server of one test's own, on loopback, which takes credentials of a shared secret. */
export interface Coturn {
  readonly url: string
  /** All that it has said: who allocated what. */
  output(): string
  stop(): Promise<void>
}

export async function startCoturn(secret: string): Promise<Coturn> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'lectern-coturn-'))
  const child = spawn(program, [
    '-n',
    '--verbose',
    '--log-file=stdout',
    '--listening-ip=127.0.0.1',
    '--relay-ip=127.0.0.1',
    '--allow-loopback-peers',
    `--listening-port=${port}`,
    '--use-auth-secret',
    `--static-auth-secret=${secret}`,
    '--realm=lectern.test',
    '--no-tls',
    '--no-dtls',
    '--no-cli',
    `--pidfile=${join(folder, 'pid')}`,
    `--userdb=${join(folder, 'db')}`,
  ])
  let said = ''
  const hear = (chunk: Buffer) => {
    said += chunk
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  await vi.waitFor(
    () => {
      if (!/UDP listener opened on/.test(said)) throw new Error(`coturn does not listen:\n${said}`)
    },
    { timeout: 10_000 },
  )
  return {
    url: `turn:127.0.0.1:${port}?transport=udp`,
    output: () => said,
    async stop() {
      process.off('exit', killAtExit)
      await stopped(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
