import type { TaskList } from 'graphile-worker'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World, workQueue } from '../../../test/support/world.ts'
import { makePerson } from '../../modules/accounts/factory.ts'
import { taskList } from '../jobs/worker.ts'
import { eventJobs } from './deliver.ts'
import { defineEvent, defineUnheardEvent, on, publish, publishAll } from './events.ts'
import { handOnWaiting } from './hand-on.ts'

const bellRung = defineEvent('bell.rung', Type.Object({ times: Type.Integer() }))
const bellSeen = defineUnheardEvent('bell.seen', Type.Object({ by: Type.String() }), {
  when: 'always',
  subject: 'bell',
  ids: ['by'],
})

let world: World
let heard: string[]
let tasks: TaskList
let broken = false

const subscribers = [
  on(bellRung, 'porter.hear', async (_tx, fact) => void heard.push(`porter ${fact.payload.times}`)),
  on(bellRung, 'clerk.hear', async () => {
    if (broken) throw new Error('the clerk is ill')
    heard.push('clerk')
  }),
]

beforeAll(async () => {
  world = await createWorld()
  tasks = taskList(world.deps, eventJobs(subscribers))
})
afterAll(() => world.close())
beforeEach(async () => {
  heard = []
  broken = false
  await world.database.pool.query('delete from graphile_worker._private_jobs')
  await world.database.pool.query('delete from waiting_events')
})

async function work(): Promise<void> {
  await handOnWaiting(world.deps.transact, subscribers)
  await workQueue(world.database.pool, tasks, world.deps.log)
}
const cause = () => ({ userId: null, at: world.clock.now() })
const count = async (table: string) =>
  Number((await world.database.pool.query(`select count(*) from ${table}`)).rows[0].count)

describe('publish', () => {
  it('states nothing and queues nothing when the transaction rolls back', async () => {
    const before = await count('events')
    const failed = world.deps.transact(async (tx) => {
      await publish(tx, bellRung, { times: 1 }, cause())
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await count('events')).toBe(before)
    expect(await count('waiting_events')).toBe(0)
  })

  it('costs one statement', async () => {
    await world.deps.transact(async (tx) => {
      world.statements.length = 0
      await publish(tx, bellRung, { times: 1 }, cause())
      expect(world.statements).toHaveLength(1)
    })
  })

  it('reaches every subscriber once, even when the delivery is queued again', async () => {
    const eventId = await world.deps.transact((tx) => publish(tx, bellRung, { times: 3 }, cause()))
    await work()
    expect(heard.sort()).toEqual(['clerk', 'porter 3'])
    await world.database.pool.query(
      "select graphile_worker.add_job('dispatch-event', json_build_object('eventId', $1::text))",
      [eventId],
    )
    await work()
    expect(heard).toHaveLength(2)
  })

  it('holds up no subscriber for one that fails; the failed one is tried again and then gets it', async () => {
    broken = true
    await world.deps.transact((tx) => publish(tx, bellRung, { times: 1 }, cause()))
    await work()
    expect(heard).toEqual(['porter 1'])
    broken = false
    await world.database.pool.query('update graphile_worker._private_jobs set run_at = now()')
    await work()
    expect(heard.sort()).toEqual(['clerk', 'porter 1'])
  })
})

describe('an event that nobody hears of', () => {
  const seen = async () =>
    (
      await world.database.pool.query(
        "select payload ->> 'by' as by, audited, subjects from events where type = 'bell.seen' order by id",
      )
    ).rows

  it('is stated whole, in one statement for however many facts, and waits for nobody', async () => {
    await world.deps.transact(async (tx) => {
      await publish(tx, bellSeen, { by: 'Asha' }, cause())
      world.statements.length = 0
      await publishAll(tx, bellSeen, [{ by: 'Mina' }, { by: 'Ravi' }], cause())
      await publishAll(tx, bellSeen, [], cause())
      expect(world.statements).toHaveLength(1)
    })
    const people = ['Asha', 'Mina', 'Ravi']
    expect(await count('waiting_events')).toBe(0)
    expect(await seen()).toEqual(people.map((by) => ({ by, audited: true, subjects: [by] })))
    expect(await count('graphile_worker._private_jobs')).toBe(0)
  })

  it('cannot be subscribed to: it does not compile', () => {
    // @ts-expect-error nobody would hear of it
    const wrong = () => on(bellSeen, 'porter.see', async () => undefined)
    expect(wrong).toBeTypeOf('function')
  })
})

describe('dead letters', () => {
  it('200, 202: a job that used up its attempts is listed for admins, retried, and gone when it succeeds', async () => {
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    await world.drain()
    broken = true
    await world.deps.transact((tx) => publish(tx, bellRung, { times: 1 }, cause()))
    await work()
    expect((await admin.get('/api/admin/jobs/dead')).body.items).toEqual([])
    await world.database.pool.query('update graphile_worker._private_jobs set attempts = max_attempts')
    const { body } = await admin.get('/api/admin/jobs/dead')
    expect(body.items).toMatchObject([{ name: 'deliver-event', lastError: 'the clerk is ill' }])
    broken = false
    expect((await admin.post(`/api/admin/jobs/dead/${body.items[0].id}/retry`)).status).toBe(202)
    await work()
    expect(heard).toContain('clerk')
    expect((await admin.get('/api/admin/jobs/dead')).body.items).toEqual([])
  })

  it('404: an unknown one; 400: an id that is none', async () => {
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    expect((await admin.post('/api/admin/jobs/dead/999999/retry')).status).toBe(404)
    expect((await admin.post('/api/admin/jobs/dead/x/retry')).status).toBe(400)
  })
})
