import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, startServer } from '../test/support/server.ts'
import { cpuSeconds, residentMb } from './process.ts'

export interface StartFigures {
  /** Seconds from `npm start` to an answer, with the demo school loaded before. */
  readonly readySeconds: number
  /** Resident MiB of the server with its demo school, at rest. */
  readonly idleMb: number
}

const restMs = 8_000
const restCpuSeconds = 0.2
const mostRests = 10

/** Starts the program as a newcomer does, in a folder of its own. The first time is not measured: it loads the demo school. */
export async function measureStart(): Promise<StartFigures> {
  const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
  try {
    await startByNpm(data)
    const readySeconds = Math.min(await startByNpm(data), await startByNpm(data))
    // What the loading left to do (pictures, certificates, mails) is work, and not what is measured.
    await restingMb(data)
    return { readySeconds, idleMb: await restingMb(data) }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

/** Starts the server, and waits until it does nothing more. */
async function restingMb(data: string): Promise<number> {
  const server = await startServer({ data, port: await freePort(), env: { LECTERN_DEMO: 'on' } })
  const { pid } = server.process
  for (let rests = 0; rests < mostRests; rests++) {
    const before = await cpuSeconds(pid)
    await wait(restMs)
    if ((await cpuSeconds(pid)) - before < restCpuSeconds) break
  }
  const mb = await residentMb(pid)
  await server.stop()
  return mb
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
