import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Chatter, makeChatter, makeChatters } from '../../../test/support/chatters.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Actor } from '../../platform/actor.ts'
import { Refusal } from '../../platform/http/refusal.ts'
import { sayTogether } from './say-together.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const saying = ({ id }: Chatter, to: Chatter, text: string, clientId = text) => {
  const actor: Actor = { userId: id, role: 'student', sessionId: null, at: world.clock.now() }
  return { actor, to: to.id, text, clientId, mediaId: null }
}

it('numbers each conversation by itself, in the order of what is said, and refuses one without harm to the others', async () => {
  const [asha, ben] = await makeChatters(world)
  const [chen, dita] = await makeChatters(world)
  await chen.say(dita, 'before', 'before')
  const outcomes = await world.deps.transact((tx) =>
    sayTogether(tx, [
      saying(asha, ben, 'one'),
      saying(dita, chen, 'answer'),
      saying(ben, asha, 'two'),
      saying(asha, chen, 'to a stranger'),
      saying(asha, ben, 'three'),
      saying(asha, ben, 'one'),
      saying(chen, dita, 'other words', 'before'),
    ]),
  )
  const seen = outcomes.map((one) => (one instanceof Refusal ? one.kind.code : [one.text, one.sequence]))
  expect(seen).toEqual([
    ['one', 1],
    ['answer', 2],
    ['two', 2],
    'not_found',
    ['three', 3],
    ['one', 1],
    'idempotency_mismatch',
  ])
  const unread = async (one: Chatter) => (await one.get('/api/chat/conversations')).body.items[0].unread
  expect(await Promise.all([asha, ben, chen, dita].map(unread))).toEqual([1, 2, 1, 1])
  expect((await asha.history(ben)).body.items.map(({ text }: { text: string }) => text)).toEqual([
    'three',
    'two',
    'one',
  ])
})

it('tells of the first message only that its recipient has not read, and of nothing that was said before', async () => {
  const [asha, ben] = await makeChatters(world)
  const say = (...texts: string[]) =>
    world.deps.transact((tx) =>
      sayTogether(
        tx,
        texts.map((text) => saying(asha, ben, text)),
      ),
    )
  const told = async () => {
    const { rows } = await world.database.pool.query(
      `select count(*)::int as times from events where type = 'message.waiting' and payload->>'toId' = $1`,
      [ben.id],
    )
    return rows[0].times
  }
  await say('one', 'two')
  expect(await told()).toBe(1)
  await say('three', 'one')
  expect(await told()).toBe(1)
  await ben.post(`/api/chat/read/${asha.id}`)
  await say('one')
  expect(await told()).toBe(1)
  await say('four', 'five')
  expect(await told()).toBe(2)
})

it('costs two statements for however many', async () => {
  const pairs = await Promise.all(Array.from({ length: 5 }, () => makeChatters(world)))
  for (const [one, other] of pairs) await one.say(other, 'before')
  world.statements.length = 0
  await world.deps.transact((tx) =>
    sayTogether(
      tx,
      pairs.map(([one, other]) => saying(one, other, 'now')),
    ),
  )
  expect(world.statements).toHaveLength(4)
})

it('is planned once, not for each number of messages', async () => {
  const [asha, ben] = await makeChatters(world)
  const plans = await world.deps.transact(async (tx) => {
    for (let count = 1; count <= 9; count++) {
      const texts = Array.from({ length: count }, (_, n) => `${n} of ${count}`)
      await sayTogether(
        tx,
        texts.map((text) => saying(asha, ben, text)),
      )
    }
    const { rows } = await sql<{ custom_plans: number; generic_plans: number }>`
      select custom_plans, generic_plans from pg_prepared_statements where statement like '%insert into messages%'`.execute(
      tx,
    )
    return rows[0]
  })
  // PostgreSQL compares after five (its documentation, "PREPARE"): from then on it keeps one plan, or never.
  expect(plans?.custom_plans).toBe(5)
  expect(plans?.generic_plans).toBeGreaterThanOrEqual(4)
})

it('never loses or doubles what many say at once over sockets, and each device keeps its order', async () => {
  const pairs = await Promise.all(Array.from({ length: 6 }, () => makeChatters(world)))
  const stranger = await makeChatter(world)
  const talks = pairs.map(async ([one, other]) => {
    const devices = await Promise.all([one, other].map(({ person }) => world.connect(person.accessToken)))
    const said = devices.flatMap((device, side) =>
      Array.from({ length: 20 }, (_, n) =>
        device.ask('chat:send', { to: [other, one][side]?.id, text: `${side} ${n}`, clientId: `${n}` }),
      ),
    )
    const refused = devices[0]?.ask('chat:send', { to: stranger.id, text: 'Hello', clientId: 'x' })
    expect((await Promise.all(said)).every(({ ok }) => ok)).toBe(true)
    expect(await refused).toMatchObject({ ok: false, code: 'not_found' })
    const { items } = (await one.history(other, '?limit=100')).body
    expect(items.map(({ sequence }: { sequence: number }) => 41 - sequence)).toEqual(
      Array.from(Array(40), (_, n) => n + 1),
    )
    for (const side of ['0', '1']) {
      const ofSide = items
        .map(({ text }: { text: string }) => text.split(' '))
        .filter(([of]: string[]) => of === side)
      expect(ofSide.map(([, n]: string[]) => 19 - Number(n))).toEqual(Array.from(Array(20), (_, n) => n))
    }
  })
  await Promise.all(talks)
})
