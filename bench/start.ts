import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, startServer } from '../test/support/server.ts'
import { residentMb } from './process.ts'

export interface StartFigures {
  /** Seconds from `npm start` to an answer, with the demo school loaded before. */
  readonly readySeconds: number
  /** Resident MiB of the server with its demo school, some seconds after its start. */
  readonly idleMb: number
}

const settleMs = 8_000

/** Starts the program as a newcomer does, in a folder of its own. The first time is not measured: it loads the demo school. */
export async function measureStart(): Promise<StartFigures> {
  const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
  try {
    await startByNpm(data)
    const readySeconds = Math.min(await startByNpm(data), await startByNpm(data))
    const server = await startServer({ data, port: await freePort(), env: { LECTERN_DEMO: 'on' } })
    await wait(settleMs)
    const idleMb = await residentMb(server.process.pid)
    await server.stop()
    return { readySeconds, idleMb }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

/** Seconds until it says that it is up. */
async function startByNpm(data: string): Promise<number> {
  const { PATH = '', HOME = '' } = process.env
  const began = performance.now()
  // A process group of its own, so that npm and what it starts are ended together.
  const child = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '..'),
    env: { PATH, HOME, LECTERN_DATA: data, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = once(child, 'close')
  let said = ''
  const up = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.includes('Lectern is up')) resolve()
    })
  })
  await Promise.race([up, exited.then(() => Promise.reject(new Error(`npm start ended:\n${said}`)))])
  const seconds = (performance.now() - began) / 1_000
  if (child.pid) process.kill(-child.pid, 'SIGTERM')
  await exited
  return seconds
}
