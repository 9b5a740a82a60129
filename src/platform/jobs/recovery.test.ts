import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { addJob, defineJob, handle } from './jobs.ts'
import { startWorker } from './worker.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const stuck = defineJob('stuck', Type.Object({}))

describe('a job whose worker is killed', () => {
  it('is run again by another worker within seconds', { timeout: 60_000 }, async () => {
    await world.deps.transact((tx) => addJob(tx, stuck, {}))
    const script = join(import.meta.dirname, '../../../test/support/stuck-worker.ts')
    const child = spawn(process.execPath, [script, world.databaseUrl], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')

    let done = 0
    const work = handle(stuck, async () => void done++)
    const worker = await startWorker(
      world.deps,
      world.database.pool,
      { handlers: [work], schedules: [] },
      { concurrency: 1 },
    )
    await vi.waitFor(() => expect(done).toBe(1), { timeout: 30_000, interval: 100 })
    await worker.stop()
  })
})
