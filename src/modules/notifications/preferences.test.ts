import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeNotice } from './factory.ts'
import { kindNames, traitsOf } from './kinds.ts'

let world: World
let reader: Person
let me: Client
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  reader = await makePerson(world.deps)
  me = world.client.as(reader.accessToken)
})

const path = '/api/notifications/preferences'
const choose = (kinds: object) => me.put(path, { kinds })
async function reached() {
  const device = await world.connect(reader.accessToken)
  await makeNotice(world.deps, [reader])
  await world.drain()
  await device.settled()
  return {
    shown: (await me.get('/api/notifications')).body.items.length,
    counted: (await me.get('/api/notifications/unread-count')).body.count,
    pushed: device.pushes.length,
    mailed: world.mails.filter(({ to }) => to === reader.email).length,
  }
}

describe('GET and PUT /notifications/preferences', () => {
  it('200: every kind has its channels, and a digest nobody asked for is off', async () => {
    const { status, body } = await me.get(path)
    expect(status).toBe(200)
    expect(Object.keys(body.kinds).toSorted()).toEqual(kindNames.toSorted())
    expect(body.digest).toBe('off')
    expect(body.kinds.lesson_added).toEqual({ inApp: true, email: true, essential: false })
    expect(body.kinds.security).toEqual({ inApp: true, email: true, essential: true })
  })
  it('200: what is left out stays, and all that was read can be given back', async () => {
    await choose({ certificate: { email: false } })
    const changed = await choose({ certificate: { inApp: false }, message: { email: false } })
    expect(changed).toMatchObject({
      status: 200,
      body: {
        kinds: { certificate: { inApp: false, email: false }, message: { inApp: true, email: false } },
      },
    })
    const again = await me.put(path, changed.body)
    expect(again).toMatchObject({ status: 200, body: changed.body })
    expect((await me.get(path)).body).toEqual(changed.body)
  })
  it('200: two changes at once both hold', async () => {
    const kinds = kindNames.filter((kind) => !traitsOf(kind).essential)
    const wishes = kinds.flatMap((kind) => [{ [kind]: { email: false } }, { [kind]: { inApp: false } }])
    await Promise.all(wishes.map(choose))
    const { body } = await me.get(path)
    for (const kind of kinds) expect(body.kinds[kind], kind).toMatchObject({ inApp: false, email: false })
  })
  it.each(['security', 'payment', 'moderation'])('400: %s cannot be switched off', async (kind) => {
    for (const channel of ['email', 'inApp']) {
      const answer = await choose({ message: { email: false }, [kind]: { [channel]: false } })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: `/kinds/${kind}/${channel}` }] } })
    }
    expect((await me.get(path)).body.kinds.message.email).toBe(true)
    expect((await choose({ [kind]: { email: true } })).status).toBe(200)
  })
  it.each([
    [{ kinds: { gossip: { email: false } } }, '/kinds/gossip'],
    [{ kinds: { message: { sms: true } } }, '/kinds/message/sms'],
    [{ kinds: { message: { email: 'no' } } }, '/kinds/message/email'],
    [{ digest: 'hourly' }, '/digest'],
    [{ quiet: true }, '/quiet'],
  ])('400: %j', async (body, field) => {
    expect(await me.put(path, body)).toMatchObject({ status: 400, body: { errors: [{ path: field }] } })
  })
  it('200 or 400, and never a 500, for whatever is sent', async () => {
    const kind = fc.constantFrom('message', 'security', 'gossip', '__proto__', 'constructor')
    const wish = fc.oneof(
      fc.dictionary(fc.constantFrom('inApp', 'email', 'sms'), fc.jsonValue()),
      fc.jsonValue(),
    )
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ kinds: fc.dictionary(kind, wish), digest: fc.jsonValue() }),
    )
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const { status } = await me.put(path, JSON.stringify(sent), {
          headers: { 'content-type': 'application/json' },
        })
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 60 },
    )
  })
  it('401', async () => {
    expect((await world.client.put(path, {})).status).toBe(401)
  })
})

describe('each channel by itself', () => {
  const kind = (wish: object) => ({ lesson_added: wish })
  it('both', async () => {
    expect(await reached()).toEqual({ shown: 1, counted: 1, pushed: 1, mailed: 1 })
  })
  it('in the school only', async () => {
    await choose(kind({ email: false }))
    expect(await reached()).toEqual({ shown: 1, counted: 1, pushed: 1, mailed: 0 })
  })
  it('by mail only: nothing is shown, counted or pushed', async () => {
    await choose(kind({ inApp: false }))
    expect(await reached()).toEqual({ shown: 0, counted: 0, pushed: 0, mailed: 1 })
  })
  it('not at all: there is not even a row', async () => {
    await choose(kind({ inApp: false, email: false }))
    expect(await reached()).toEqual({ shown: 0, counted: 0, pushed: 0, mailed: 0 })
    const { rows } = await world.database.pool.query('select 1 from notifications where user_id = $1', [
      reader.id,
    ])
    expect(rows).toEqual([])
  })
  it('a mail that is still on its way is not sent', async () => {
    await makeNotice(world.deps, [reader])
    await choose(kind({ email: false }))
    await world.drain()
    expect(world.mails.filter(({ to }) => to === reader.email)).toEqual([])
  })
})
