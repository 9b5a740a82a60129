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
      { handlers: [work], schedules: [] },
      { url: world.databaseUrl, concurrency: 1 },
    )
    await vi.waitFor(() => expect(done).toBe(1), { timeout: 30_000, interval: 100 })
    await worker.stop()
  })
})

const slow = defineJob('slow', Type.Object({}))

describe('a job that takes long', () => {
  it('is left to its worker as long as that lives, however many others look for lost jobs', async () => {
    const { promise: until, resolve: finish } = Promise.withResolvers<void>()
    let begun = 0
    const work = {
      handlers: [
        handle(slow, async () => {
          begun++
          await until
        }),
      ],
      schedules: [],
    }
    const options = { url: world.databaseUrl, concurrency: 1 }
    const first = await startWorker(world.deps, work, options)
    await world.deps.transact((tx) => addJob(tx, slow, {}))
    await vi.waitFor(() => expect(begun).toBe(1), { timeout: 10_000 })
    await world.database.pool.query(
      "update graphile_worker._private_jobs set locked_at = now() - interval '1 hour' where locked_at is not null",
    )
    // It looks for lost jobs before it begins, and its own work would be seen in `begun`.
    const second = await startWorker(world.deps, work, options)
    const { rows } = await world.database.pool.query(
      'select locked_by from graphile_worker._private_jobs where locked_by is not null',
    )
    expect(rows).toHaveLength(1)
    finish()
    await first.stop()
    await second.stop()
    expect(begun).toBe(1)
  })
})

describe('a worker whose database connections are cut while a job is at work', () => {
  it('goes on: the job is done, and so are later ones', { timeout: 60_000 }, async () => {
    const { promise: until, resolve: finish } = Promise.withResolvers<void>()
    const done: string[] = []
    const held = defineJob('held', Type.Object({ name: Type.String() }))
    const work = handle(held, async (_deps, { name }) => {
      if (name === 'first') await until
      done.push(name)
    })
    const worker = await startWorker(
      world.deps,
      { handlers: [work], schedules: [] },
      { url: world.databaseUrl, concurrency: 1 },
    )
    await world.deps.transact((tx) => addJob(tx, held, { name: 'first' }))
    const locked = () =>
      world.database.pool.query('select 1 from graphile_worker._private_jobs where locked_by is not null')
    await vi.waitFor(async () => expect((await locked()).rows).toHaveLength(1), { timeout: 10_000 })
    await world.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name in ('lectern worker', 'lectern workers')`,
    )
    finish()
    await world.deps.transact((tx) => addJob(tx, held, { name: 'second' }))
    await vi.waitFor(() => expect(done).toContain('second'), { timeout: 30_000 })
    // A job that was handed out on a connection that broke is looked for after a minute: here it is over.
    await world.database.pool.query(
      "update graphile_worker._private_jobs set locked_at = locked_at - interval '2 minutes'",
    )
    await vi.waitFor(
      async () =>
        expect(
          (
            await world.database.pool.query(
              'select id, task_id, attempts, last_error, locked_by, locked_at from graphile_worker._private_jobs',
            )
          ).rows,
        ).toEqual([]),
      { timeout: 30_000 },
    )
    await worker.stop()
  })
})

describe('a worker that could not write down the end of a job', () => {
  it('is begun again, and does later jobs while others that it had are at work', {
    timeout: 60_000,
  }, async () => {
    const ends = new Map<string, () => void>()
    const done: string[] = []
    const awaited = defineJob('awaited', Type.Object({ name: Type.String() }))
    const work = handle(awaited, async (_deps, { name }) => {
      await new Promise<void>((resolve) => ends.set(name, resolve))
      done.push(name)
    })
    const worker = await startWorker(
      world.deps,
      { handlers: [work], schedules: [] },
      { url: world.databaseUrl, concurrency: 3 },
    )
    const add = (name: string) => world.deps.transact((tx) => addJob(tx, awaited, { name }))
    const begun = (count: number) =>
      vi.waitFor(() => expect(ends.size).toBe(count), { timeout: 20_000, interval: 20 })
    for (const name of ['first', 'second']) await add(name)
    await begun(2)

    const holder = await world.deps.connect()
    await holder.query('begin; lock table graphile_worker._private_jobs in share mode')
    ends.get('first')?.()
    const cut = () =>
      world.database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lectern worker'
         and query like 'delete from "graphile_worker"._private_jobs%' and wait_event_type = 'Lock'`,
      )
    await vi.waitFor(async () => expect((await cut()).rowCount).toBe(1), { timeout: 10_000 })
    await holder.query('commit')
    await holder.end()
    await add('third')
    await begun(3)
    ends.get('third')?.()
    await vi.waitFor(() => expect(done).toEqual(['first', 'third']), { timeout: 10_000 })
    ends.get('second')?.()
    await worker.stop()
  })
})
