import { Type } from 'typebox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { openDatabase } from '../database/database.ts'
import { openSignals } from '../database/signals.ts'
import { deleteOldEvents } from './clean-up.ts'
import { defineEvent, on, publish, publishAll, type Subscriber } from './events.ts'
import { watchFacts } from './fact-signals.ts'
import { handOnWaiting } from './hand-on.ts'
import { type Relay, startRelay } from './relay.ts'

const bellRung = defineEvent('bell.rung', Type.Object({ times: Type.Integer() }))
const bellMended = defineEvent('bell.mended', Type.Object({}))
const subscribers = [
  on(bellRung, 'porter.hear', async () => undefined),
  on(bellRung, 'clerk.hear', async () => undefined),
]
/** Longer than a test takes: whoever hears of a fact was woken. */
const never = { pollMs: 600_000 }
/** For a machine that is busy. */
const patience = 20_000

let world: World
let relays: Relay[]
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  relays = []
  await world.database.pool.query('delete from graphile_worker._private_jobs')
  await world.database.pool.query('delete from waiting_events')
})
afterEach(() => Promise.all(relays.map((relay) => relay.stop())))

const cause = () => ({ userId: null, at: world.clock.now() })
const ring = (times = 1) => world.deps.transact((tx) => publish(tx, bellRung, { times }, cause()))
const relay = (options?: { pollMs: number }) => {
  relays.push(startRelay(world.deps, subscribers, options))
}

const waiting = async () =>
  (await world.database.pool.query('select event_id from waiting_events order by event_id')).rows.map(
    ({ event_id }) => event_id,
  )

const isThere = async (event: string) =>
  (await world.database.pool.query('select from events where id = $1', [event])).rows.length === 1

/** In the order in which they were queued. */
async function deliveries(): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `select payload ->> 'subscriber' as subscriber, payload ->> 'eventId' as event from graphile_worker._private_jobs order by id`,
  )
  return rows.map(({ subscriber, event }) => `${subscriber} ${event}`)
}

const deliveriesOf = (events: readonly string[]) =>
  events.flatMap((event) => subscribers.map(({ name }) => `${name} ${event}`))

describe('a fact', () => {
  it('waits until it is handed on: one delivery for each subscriber, the oldest fact first', async () => {
    const events = [await ring(1), await ring(2), await ring(3)]
    expect(await waiting()).toEqual(events)
    expect(await deliveries()).toEqual([])
    expect(await handOnWaiting(world.deps.transact, subscribers)).toBe(3)
    expect(await waiting()).toEqual([])
    expect(await deliveries()).toEqual(deliveriesOf(events))
  })

  it('is handed on as soon as it is committed, without a look at the clock', async () => {
    relay(never)
    const events = [await ring()]
    await vi.waitFor(async () => expect(await deliveries()).toEqual(deliveriesOf(events)), patience)
    events.push(await ring())
    await vi.waitFor(async () => expect(await deliveries()).toEqual(deliveriesOf(events)), patience)
  })

  it('is handed on by a process that was not told of it, too', async () => {
    const event = await ring()
    relay()
    await vi.waitFor(async () => expect(await deliveries()).toEqual(deliveriesOf([event])), patience)
    await world.database.pool.query('insert into waiting_events select id, type from events where id = $1', [
      event,
    ])
    await vi.waitFor(async () => expect(await deliveries()).toHaveLength(4), patience)
  })

  it('is handed on once, by whichever of two relays takes it', async () => {
    relay()
    relay()
    await Promise.all(Array.from({ length: 40 }, (_, times) => ring(times)))
    await world.deps.transact((tx) =>
      publishAll(
        tx,
        bellRung,
        Array.from({ length: 1_200 }, (_, times) => ({ times })),
        cause(),
      ),
    )
    await vi.waitFor(async () => expect(await waiting()).toEqual([]), patience)
    await Promise.all(relays.map((one) => one.stop()))
    const queued = await deliveries()
    expect(queued).toHaveLength(2 * 1_240)
    expect(new Set(queued).size).toBe(queued.length)
  })

  it('waits on where handing it on breaks off, and holds up nothing by that', async () => {
    let broken = true
    const awaited: Subscriber[] = [
      {
        ...on(bellRung, 'porter.hear', async () => undefined),
        findAwaited: async (_db, types) => {
          if (broken) throw new Error('cannot tell')
          return new Set(types)
        },
      },
    ]
    const event = await ring()
    await expect(handOnWaiting(world.deps.transact, awaited)).rejects.toThrow('cannot tell')
    expect(await waiting()).toEqual([event])
    expect(await deliveries()).toEqual([])
    broken = false
    await handOnWaiting(world.deps.transact, awaited)
    expect(await deliveries()).toEqual([`porter.hear ${event}`])
  })

  it('is not cleaned up while it waits, however old', async () => {
    const event = await ring()
    const before = new Date(world.clock.now().getTime() + 1_000)
    const cleanUp = () => world.deps.transact((tx) => deleteOldEvents(tx, { before, limit: 10_000 }))
    await cleanUp()
    expect(await waiting()).toEqual([event])
    expect(await isThere(event)).toBe(true)
    await handOnWaiting(world.deps.transact, [])
    await cleanUp()
    expect(await isThere(event)).toBe(false)
  })

  it('that nobody awaits costs no delivery; subscribers that share the question are asked together, once', async () => {
    const asked: (readonly string[])[] = []
    const findAwaited = async (_db: unknown, types: readonly string[]) => {
      asked.push(types.toSorted())
      return new Set(['bell.mended'])
    }
    const some: Subscriber[] = [
      { ...on(bellRung, 'porter.hear', async () => undefined), findAwaited },
      { ...on(bellMended, 'porter.see', async () => undefined), findAwaited },
    ]
    await world.deps.transact(async (tx) => {
      await publishAll(tx, bellRung, [{ times: 1 }, { times: 2 }], cause())
      await publish(tx, bellMended, {}, cause())
    })
    const mended = (await waiting()).at(-1)
    world.statements.length = 0
    await handOnWaiting(world.deps.transact, some)
    expect(asked).toEqual([['bell.mended', 'bell.rung']])
    expect(await deliveries()).toEqual([`porter.see ${mended}`])
  })
})

describe('who hands facts on', () => {
  /** Another process on the same database, which says what it heard. */
  async function another() {
    const { log } = world.deps
    const database = openDatabase({ url: world.databaseUrl, size: 2, slowMs: 60_000, log })
    const signals = await openSignals({ url: world.databaseUrl, log, own: database })
    const facts = watchFacts({ database, signals, log })
    const close = async () => {
      await signals.close()
      await database.close()
    }
    return { database, facts, close }
  }

  it('hears of the facts of processes that hand none on themselves', async () => {
    const other = await another()
    try {
      relay(never)
      const event = await other.database.transact((tx) => publish(tx, bellRung, { times: 1 }, cause()))
      await vi.waitFor(async () => expect(await deliveries()).toEqual(deliveriesOf([event])), patience)
    } finally {
      await other.close()
    }
  })

  it('hears of a commit, and of no rollback; and of nothing any more once it has stopped', async () => {
    let heard = 0
    const stop = world.deps.facts.onWaiting(() => heard++)
    await ring()
    expect(heard).toBe(1)
    const undone = world.deps.transact(async (tx) => {
      await publish(tx, bellRung, { times: 1 }, cause())
      throw new Error('no')
    })
    await expect(undone).rejects.toThrow('no')
    await world.deps.transact((tx) => tx.selectFrom('users').select('id').limit(1).execute())
    expect(heard).toBe(1)
    stop()
    await ring()
    expect(heard).toBe(1)
  })
})
