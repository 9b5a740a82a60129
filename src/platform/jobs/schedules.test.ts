import { Type } from 'typebox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { defineJob, handle, type JobHandler, type Schedule } from './jobs.ts'
import { nextTick, queueScheduled } from './schedules.ts'
import { startWorker, type Worker } from './worker.ts'

let world: World
let workers: Worker[]
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(() => {
  workers = []
})
afterEach(async () => {
  await stopAll()
  await world.database.pool.query(
    'delete from graphile_worker._private_jobs; delete from graphile_worker._private_known_crontabs',
  )
})
afterAll(() => world.close())

const minuteMs = 60_000

async function stopAll(): Promise<void> {
  for (const worker of workers.splice(0)) await worker.stop()
}

async function startNode(handlers: JobHandler[], schedules: Schedule[]): Promise<void> {
  const options = { url: world.databaseUrl, concurrency: 4 }
  workers.push(await startWorker(world.deps, { handlers, schedules }, options))
}

describe('nextTick', () => {
  it.each([
    ['* * * * *', '2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00.000Z'],
    ['* * * * *', '2026-03-29T01:00:00.000Z', '2026-03-29T01:01:00.000Z'],
    ['23 2 * * *', '2026-12-31T02:23:00.000Z', '2027-01-01T02:23:00.000Z'],
    ['*/15 9-17 * * 1-5', '2026-01-30T17:45:00.000Z', '2026-02-02T09:00:00.000Z'],
    ['0 0 29 2 *', '2027-03-01T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 30 2 *', '2026-01-01T00:00:00.000Z', undefined],
  ])('of %s after %s is %s', (cron, after, next) => {
    expect(nextTick(cron, new Date(after))?.toISOString()).toBe(next)
  })
})

describe('a schedule', () => {
  it('runs once per tick, however many nodes there are', async () => {
    const job = defineJob('ticking', Type.Object({}))
    const ran: string[] = []
    const counted = handle(job, async () => void ran.push('ran'))
    // Just before a full minute of an hour ago: the queue's own clock is the database's, to which the tick is long due.
    const minute = Math.floor(Date.now() / minuteMs) * minuteMs - 60 * minuteMs
    vi.useFakeTimers({ toFake: ['Date'], now: minute - 300 })
    try {
      for (let node = 0; node < 3; node++) await startNode([counted], [{ job, cron: '* * * * *' }])
      vi.setSystemTime(minute + 50)
      await vi.waitFor(() => expect(ran).not.toEqual([]), { timeout: 20_000 })
      await stopAll()
    } finally {
      vi.useRealTimers()
    }
    expect(ran).toEqual(['ran'])
  })

  it('makes good a tick that was missed, once, where it says so', async () => {
    const good = defineJob('made-good', Type.Object({}))
    const left = defineJob('left', Type.Object({}))
    const ran: string[] = []
    const handlers = [
      handle(good, async () => void ran.push('made good')),
      handle(left, async () => void ran.push('left')),
    ]
    const missed = new Date(Date.now() - 90 * minuteMs)
    const cron = `${missed.getUTCMinutes()} ${missed.getUTCHours()} * * *`
    await world.database.pool.query(
      `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
       select name, now() - interval '9 days', now() - interval '2 days' from unnest($1::text[]) name`,
      [[good.name, left.name]],
    )
    const schedules = [
      { job: good, cron, madeGoodWithinHours: 24 },
      { job: left, cron },
    ]
    await Promise.all([startNode(handlers, schedules), startNode(handlers, schedules)])
    await vi.waitFor(() => expect(ran).toContain('made good'), { timeout: 20_000 })
    await stopAll()
    expect(ran).toEqual(['made good'])
  })

  it('is at work once at a time: what is asked for meanwhile waits, and is one', async () => {
    const job = defineJob('alone', Type.Object({}))
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let begun = 0
    let atOnce = 0
    let most = 0
    const work = handle(job, async () => {
      most = Math.max(most, ++atOnce)
      await gates[begun++]?.promise
      atOnce--
    })
    await startNode([work], [])
    await startNode([work], [])
    const ask = () => world.deps.transact((tx) => queueScheduled(tx, job, {}))
    await ask()
    await vi.waitFor(() => expect(begun).toBe(1), { timeout: 20_000 })
    await ask()
    await ask()
    const { rows } = await world.database.pool.query(
      'select locked_at is null as waits from graphile_worker._private_jobs order by id',
    )
    expect(rows).toEqual([{ waits: false }, { waits: true }])
    gates[0]?.resolve()
    await vi.waitFor(() => expect(begun).toBe(2), { timeout: 20_000 })
    gates[1]?.resolve()
    await stopAll()
    expect({ begun, most }).toEqual({ begun: 2, most: 1 })
  })
})
