import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { backgroundWork } from '../../app.ts'
import { addJob, defineJob, handle } from '../../platform/jobs/jobs.ts'
import { startWorker } from '../../platform/jobs/worker.ts'
import { makePerson } from '../accounts/factory.ts'

let world: World
let admin: Client
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
})
afterAll(() => world.close())

interface Listed {
  readonly name: string
  readonly schedule?: string
}
const page = async (query = '') => (await admin.get(`/api/admin/jobs${query}`)).body
const one = async (name: string) => (await page('?limit=100')).items.find((job: Listed) => job.name === name)
const inQueue = async (name: string) => {
  const { rows } = await world.database.pool.query(
    'select id::text from graphile_worker.jobs where task_identifier = $1',
    [name],
  )
  return rows
}

/** What workers do until a condition holds: all of it on the real queue, recorded as they do. */
async function workUntil(handlers: ReturnType<typeof handle>[], condition: () => Promise<void>) {
  const worker = await startWorker(
    world.deps,
    { handlers, schedules: [] },
    { url: world.databaseUrl, concurrency: 2 },
  )
  await vi.waitFor(condition, { timeout: 20_000, interval: 50 })
  await worker.stop()
}

describe('GET /admin/jobs', () => {
  it('200: every kind of job there is, schedules first, by pages, with three statements', async () => {
    world.statements.length = 0
    const first = await page()
    expect(world.statements.length).toBeLessThanOrEqual(3)
    const all: Listed[] = [...first.items]
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const { items, nextCursor } = await page(`?cursor=${cursor}`)
      all.push(...items)
      cursor = nextCursor
    }
    const { handlers, schedules } = backgroundWork()
    expect(all.map(({ name }) => name).toSorted()).toEqual(handlers.map(({ job }) => job.name).toSorted())
    expect(all.slice(0, schedules.length).every(({ schedule }) => schedule !== undefined)).toBe(true)
    expect(all.slice(schedules.length).some(({ schedule }) => schedule !== undefined)).toBe(false)
  })

  it('200: what never ran has no last run; a schedule has its next one', async () => {
    const nextDay = new Date(world.clock.now())
    nextDay.setUTCHours(2, 23, 0, 0)
    if (nextDay <= world.clock.now()) nextDay.setUTCDate(nextDay.getUTCDate() + 1)
    expect(await one('operations.make-backup')).toEqual({
      name: 'operations.make-backup',
      schedule: '23 2 * * *',
      nextRun: nextDay.toISOString(),
      runs: 0,
      failures: 0,
      waiting: 0,
      running: 0,
      dead: 0,
    })
  })

  it('200: the last run, how long it took, what failed in seven days, and what waits, runs or is dead', async () => {
    const name = 'notifications.push'
    const job = defineJob(name, Type.Object({}), 2)
    const { transact } = world.deps
    await transact((tx) => addJob(tx, job, {}))
    await workUntil([handle(job, async () => undefined)], async () => expect(await inQueue(name)).toEqual([]))
    expect(await one(name)).toMatchObject({
      lastRun: { at: world.clock.now().toISOString(), durationMs: expect.any(Number), ok: true },
      runs: 1,
      failures: 0,
    })
    world.clock.advance({ minutes: 1 })
    await transact((tx) => addJob(tx, { ...job, maxAttempts: 1 }, {}))
    const failing = handle(job, () => Promise.reject(new Error('the mail server\0 is away')))
    const dead = async () => expect((await one(name)).dead).toBe(1)
    await workUntil([failing], dead)
    const runAt = new Date(world.clock.now().getTime() + 3_600_000)
    await transact((tx) => addJob(tx, job, {}, { runAt }))
    expect(await one(name)).toEqual({
      name,
      lastRun: {
        at: world.clock.now().toISOString(),
        durationMs: expect.any(Number),
        ok: false,
        error: 'the mail server is away',
      },
      nextRun: runAt.toISOString(),
      runs: 2,
      failures: 1,
      waiting: 1,
      running: 0,
      dead: 1,
    })
  })

  it('200: what ran a week ago is the last run, and is not counted any more', async () => {
    world.clock.advance({ days: 7 })
    admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    expect(await one('notifications.push')).toMatchObject({ runs: 0, failures: 0, lastRun: { ok: false } })
  })

  it('400 for a cursor of another list; 401 and 403 for all but admins', async () => {
    expect((await admin.get('/api/admin/jobs?cursor=bad!')).status).toBe(400)
    expect((await world.client.get('/api/admin/jobs')).status).toBe(401)
    const student = world.client.as((await makePerson(world.deps)).accessToken)
    expect((await student.get('/api/admin/jobs')).status).toBe(403)
  })
})

describe('POST /admin/jobs/:name/run', () => {
  const run = (name: string, client: Client = admin) => client.post(`/api/admin/jobs/${name}/run`)

  it('202: it runs once, however often it is asked for before it begins; each asking is on record', async () => {
    for (let count = 0; count < 3; count++)
      expect(await run('accounts.clean-up')).toMatchObject({ status: 202, body: { status: 'queued' } })
    expect(await inQueue('accounts.clean-up')).toHaveLength(1)
    const { rows } = await world.database.pool.query(
      "select user_id, payload from events where type = 'job.requested'",
    )
    expect(rows).toHaveLength(3)
    expect(rows[0]).toEqual({ user_id: expect.any(String), payload: { name: 'accounts.clean-up' } })
    await world.drain()
    expect(await inQueue('accounts.clean-up')).toEqual([])
  })

  it('409 job_running: while it is at work', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const job = defineJob('media.clean-up', Type.Object({}))
    expect((await run(job.name)).status).toBe(202)
    await workUntil([handle(job, () => promise)], async () => {
      expect(await one(job.name)).toMatchObject({ running: 1, waiting: 0 })
      expect(await run(job.name)).toMatchObject({ status: 409, body: { code: 'job_running' } })
      resolve()
    })
    expect((await run(job.name)).status).toBe(202)
    await world.drain()
  })

  it.each(['no-such-job', 'deliver-event'])('404 for %s: not a schedule', async (name) => {
    expect(await run(name)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('401 and 403 for all but admins, and nothing is queued', async () => {
    const instructor = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
    expect((await run('media.clean-up', world.client)).status).toBe(401)
    expect((await run('media.clean-up', instructor)).status).toBe(403)
    expect(await inQueue('media.clean-up')).toEqual([])
  })
})
