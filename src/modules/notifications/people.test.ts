import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makePair, ring } from '../../../test/support/calls.ts'
import { type Chatter, makeChatter } from '../../../test/support/chatters.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makeFriends } from '../friends/factory.ts'
import { collectDigests } from './gather-digests.ts'

let world: World
let ada: Chatter
let ben: Chatter
beforeAll(async () => {
  world = await createWorld()
  // Ahead of the real time, which passes by itself.
  world.clock.advance({ minutes: 10 })
})
afterAll(() => world.close())
beforeEach(async () => {
  ;[ada, ben] = await Promise.all([makeChatter(world, 'Ada'), makeChatter(world, 'Ben')])
})

const mailsTo = (person: Chatter) =>
  world.mails.filter(({ to }) => to === person.person.email).map(({ subject }) => subject)
async function told(person: Chatter, kind: string) {
  await world.drain()
  return (await person.get(`/api/notifications?kind=${kind}`)).body.items
}

const later = async (by: { seconds?: number; minutes?: number }) => {
  await world.drain()
  world.clock.advance(by)
  await world.drain()
}
/** All that the digest says. */
const sendDigest = async (person: Chatter): Promise<string> => {
  await world.deps.transact((tx) => collectDigests(tx, [person.id]))
  await world.drain()
  return world.mails.findLast(({ to }) => to === person.person.email)?.text ?? ''
}
const block = async (other: Chatter) => expect((await ben.post(`/api/blocks/${other.id}`)).status).toBe(201)

describe('a request of friendship', () => {
  const ask = async () => (await ada.post('/api/friends/request', { userId: ben.id })).body.id as string

  it('is told of once, however often it is withdrawn and made again within a day, and leads to the last one', async () => {
    let requestId = await ask()
    for (const drains of [true, false, false]) {
      if (drains) await world.drain()
      expect((await ada.delete(`/api/friends/requests/${requestId}`)).status).toBe(204)
      requestId = await ask()
    }
    expect(await told(ben, 'friend_request')).toMatchObject([{ data: { requestId } }])
    expect(mailsTo(ben)).toEqual(['Ada would like to be your friend'])

    await ada.delete(`/api/friends/requests/${requestId}`)
    await world.database.pool.query(
      "update notifications set created_at = created_at - interval '25 hours' where user_id = $1",
      [ben.id],
    )
    await ask()
    expect(await told(ben, 'friend_request')).toHaveLength(2)
    expect(mailsTo(ben)).toHaveLength(2)
  })
})

describe('somebody who was blocked', () => {
  beforeEach(() => makeFriends(world.deps, ada.person, ben.person))

  it('is not told of, though they wrote before', async () => {
    await ada.say(ben, 'Hello')
    await block(ada)
    await later({ seconds: 4 })
    expect(await told(ben, 'message')).toEqual([])
  })
  it('is not mailed of, though it was told before', async () => {
    await ada.say(ben, 'Hello')
    await later({ seconds: 4 })
    const [{ title }] = await told(ben, 'message')
    await block(ada)
    await later({ minutes: 6 })
    expect(mailsTo(ben)).not.toContain(title)
  })
  it('is in no digest: with no message, no call, no request', async () => {
    const carl = await makeChatter(world, 'Carl')
    const dora = await makeChatter(world, 'Dora')
    await makeFriends(world.deps, ben.person, dora.person)
    await ben.put('/api/notifications/preferences', {
      digest: 'daily',
      kinds: { missed_call: { email: true } },
    })
    await carl.post('/api/friends/request', { userId: ben.id })
    await ada.say(ben, 'Hello')
    await dora.say(ben, 'Hello')
    const device = await world.connect(ada.person.accessToken)
    const { callId } = await device.ask('call:invite', { to: ben.id, media: 'audio' })
    await device.ask('call:hangup', { callId })
    await later({ seconds: 4 })
    const { items } = (await ben.get('/api/notifications')).body
    expect(items.map(({ title }: { title: string }) => title)).toEqual(
      expect.arrayContaining([
        'Ada has written to you',
        'You missed a call from Ada',
        'Carl would like to be your friend',
      ]),
    )
    await block(ada)
    await block(carl)
    const digest = await sendDigest(ben)
    expect(digest).toContain('Dora has written to you')
    expect(digest).not.toMatch(/Ada|Carl/)
  })
  it('is not told of as one who asked to be friends', async () => {
    const carl = await makeChatter(world, 'Carl')
    await carl.post('/api/friends/request', { userId: ben.id })
    await block(carl)
    expect(JSON.stringify(await told(ben, 'friend_request'))).not.toContain(carl.id)
  })
  it('has not called in vain: no call was missed', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    await world.client.as(pair.ben.accessToken).post(`/api/blocks/${pair.asha.id}`)
    await world.drain()
    expect(await pair.b.next('call:ended')).toMatchObject({ callId, reason: 'cancelled' })
    const { rows } = await world.database.pool.query(
      "select type from events where payload ->> 'callId' = $1 order by id",
      [callId],
    )
    expect(rows).toEqual([{ type: 'call.started' }])
  })
})

describe('a message that was told of', () => {
  it('is read with its conversation, once nothing of it waits: on all devices, and for the digest', async () => {
    await makeFriends(world.deps, ada.person, ben.person)
    await ben.put('/api/notifications/preferences', { digest: 'daily' })
    await ben.post('/api/notifications/read-all')
    await ada.say(ben, '1')
    await ada.say(ben, '2')
    await later({ seconds: 4 })
    const [waits] = await told(ben, 'message')
    const count = async () => (await ben.get('/api/notifications/unread-count')).body.count
    const before = await count()

    await ben.post(`/api/chat/read/${ada.id}`, { upTo: 1 })
    await world.drain()
    expect(await count()).toBe(before)
    const device = await world.connect(ben.person.accessToken)
    await ben.post(`/api/chat/read/${ada.id}`, { upTo: 2 })
    await world.drain()
    expect(await device.next('notification:read')).toEqual({ ids: [waits.id], unread: before - 1 })
    expect(await told(ben, 'message')).toMatchObject([{ id: waits.id, read: true }])
    expect(await sendDigest(ben)).not.toContain(waits.title)
  })
})
