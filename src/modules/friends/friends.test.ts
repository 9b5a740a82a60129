import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeFriends } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

interface Somebody extends Client {
  readonly person: Person
  readonly id: string
}
async function newPerson(name = 'Asha Rao'): Promise<Somebody> {
  const person = await makePerson(world.deps, { name })
  return { ...world.client.as(person.accessToken), person, id: person.id }
}
const twoPeople = () => Promise.all([newPerson('Asha'), newPerson('Ben')])
async function twoFriends() {
  const [asha, ben] = await twoPeople()
  await makeFriends(world.deps, asha.person, ben.person)
  return [asha, ben] as const
}

const ask = (from: Client, to: { id: string }) => from.post('/api/friends/request', { userId: to.id })
const itemsOf = async (who: Client, path: string) => (await who.get(path)).body.items
const friendsOf = async (who: Client) =>
  (await itemsOf(who, '/api/friends')).map(({ user }: { user: { id: string } }) => user.id)
async function eventsAbout(...people: { id: string }[]) {
  const { rows } = await world.database.pool.query(
    "select type from events where type ~ '^(friend|person)' and user_id = any($1) order by id",
    [people.map(({ id }) => id)],
  )
  return rows.map(({ type }) => type)
}

describe('POST /friends/request', () => {
  it('201: both see it, with the other one of the two; 200: asked again it is the same', async () => {
    const [asha, ben] = await twoPeople()
    const { status, body } = await ask(asha, ben)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      from: asha.id,
      to: ben.id,
      user: { id: ben.id, name: 'Ben' },
      createdAt: world.clock.now().toISOString(),
    })
    expect(await ask(asha, ben)).toMatchObject({ status: 200, body })
    const incoming = [{ ...body, user: { id: asha.id, name: 'Asha' } }]
    expect(await itemsOf(ben, '/api/friends/requests')).toEqual(incoming)
    expect(await itemsOf(asha, '/api/friends/requests?direction=outgoing')).toEqual([body])
    expect(await itemsOf(asha, '/api/friends/requests')).toEqual([])
    expect(await eventsAbout(asha, ben)).toEqual(['friend.requested'])
  })
  it('201 with the friendship: for who was asked by them', async () => {
    const [asha, ben] = await twoPeople()
    await ask(asha, ben)
    const { status, body } = await ask(ben, asha)
    expect(status).toBe(201)
    expect(body.friend).toMatchObject({ user: { id: asha.id }, since: world.clock.now().toISOString() })
    expect(await friendsOf(asha)).toEqual([ben.id])
    expect(await friendsOf(ben)).toEqual([asha.id])
    expect(await eventsAbout(asha, ben)).toEqual(['friend.requested', 'friend.accepted'])
  })
  it('one friendship: of requests that cross, twenty times over', async () => {
    for (let round = 0; round < 20; round++) {
      const [asha, ben] = await twoPeople()
      const answers = await Promise.all([ask(asha, ben), ask(ben, asha)])
      expect(answers.map(({ status }) => status)).toEqual([201, 201])
      expect(answers.filter(({ body }) => body.friend)).toHaveLength(1)
      expect(await friendsOf(asha)).toEqual([ben.id])
      expect(await itemsOf(ben, '/api/friends/requests')).toEqual([])
    }
  })
  it('409 already_friends: from either side', async () => {
    const [asha, ben] = await twoFriends()
    for (const answer of [await ask(asha, ben), await ask(ben, asha)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'already_friends' } })
  })
  it('404, each the same: for who never was, is suspended, is deleted, blocked one, or was blocked', async () => {
    const asha = await newPerson()
    const [suspended, deleted, blocking, blocked] = await Promise.all([1, 2, 3, 4].map(() => newPerson()))
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    expect((await admin.patch(`/api/users/${suspended?.id}`, { status: 'suspended' })).status).toBe(200)
    expect((await admin.delete(`/api/users/${deleted?.id}`)).status).toBe(204)
    expect((await blocking?.post(`/api/blocks/${asha.id}`))?.status).toBe(201)
    expect((await asha.post(`/api/blocks/${blocked?.id}`)).status).toBe(201)
    const ids = [newId(), suspended?.id, deleted?.id, blocking?.id, blocked?.id]
    const answers = await Promise.all(ids.map((userId) => asha.post('/api/friends/request', { userId })))
    const bodies = answers.map(({ body }) => ({ ...body, requestId: '' }))
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 404))
    for (const body of bodies) expect(body).toEqual(bodies[0])
    expect(await itemsOf(asha, '/api/friends/requests?direction=outgoing')).toEqual([])
  })
  it('400: oneself, no id, a field that is not known; 401', async () => {
    const asha = await newPerson()
    const own = await ask(asha, asha)
    expect(own).toMatchObject({ status: 400, body: { errors: [{ path: '/userId' }] } })
    for (const body of [{}, { userId: 'x' }, { userId: 7 }, { userId: newId(), note: 'Hi' }])
      expect((await asha.post('/api/friends/request', body)).status).toBe(400)
    expect((await world.client.post('/api/friends/request', { userId: asha.id })).status).toBe(401)
  })
  it('429: after a hundred in a day', async () => {
    const limited = await createWorld({ config: { rateLimits: true } })
    const asha = limited.client.as((await makePerson(limited.deps)).accessToken)
    const statuses: number[] = []
    for (let n = 0; n < 101; n++)
      statuses.push((await asha.post('/api/friends/request', { userId: newId() })).status)
    await limited.close()
    expect(statuses).toEqual([...Array(100).fill(404), 429])
  })
})

describe('a request', () => {
  it('200: makes friends when its addressee accepts, and the same when they do it again', async () => {
    const [asha, ben] = await twoPeople()
    const { body: request } = await ask(asha, ben)
    world.clock.advance({ minutes: 1 })
    const { status, body } = await ben.post(`/api/friends/requests/${request.id}/accept`)
    const since = world.clock.now().toISOString()
    expect(status).toBe(200)
    expect(body).toEqual({ user: { id: asha.id, name: 'Asha' }, since })
    world.clock.advance({ minutes: 1 })
    expect((await ben.post(`/api/friends/requests/${request.id}/accept`)).body).toEqual(body)
    expect(await itemsOf(asha, '/api/friends')).toEqual([{ user: { id: ben.id, name: 'Ben' }, since }])
    expect(await eventsAbout(asha, ben)).toEqual(['friend.requested', 'friend.accepted'])
  })
  it('204: is gone when declined or withdrawn, and may be made anew', async () => {
    const [asha, ben] = await twoPeople()
    const first = (await ask(asha, ben)).body.id
    expect((await ben.post(`/api/friends/requests/${first}/decline`)).status).toBe(204)
    expect((await ben.post(`/api/friends/requests/${first}/decline`)).status).toBe(404)
    expect((await ben.post(`/api/friends/requests/${first}/accept`)).status).toBe(404)
    const second = (await ask(asha, ben)).body.id
    expect(second).not.toBe(first)
    expect((await asha.delete(`/api/friends/requests/${second}`)).status).toBe(204)
    expect(await itemsOf(ben, '/api/friends/requests')).toEqual([])
    expect(await friendsOf(ben)).toEqual([])
  })
  it('404: to the sender who would accept or decline, the addressee who would withdraw, and everybody else', async () => {
    const [asha, ben] = await twoPeople()
    const eve = await newPerson('Eve')
    const { id } = (await ask(asha, ben)).body
    for (const who of [asha, eve])
      for (const verb of ['accept', 'decline'])
        expect((await who.post(`/api/friends/requests/${id}/${verb}`)).status).toBe(404)
    for (const who of [ben, eve]) expect((await who.delete(`/api/friends/requests/${id}`)).status).toBe(404)
    expect((await eve.post('/api/friends/requests/x/accept')).status).toBe(400)
    expect(await itemsOf(ben, '/api/friends/requests')).toHaveLength(1)
  })
  it('404: to withdraw or decline what was accepted', async () => {
    const [asha, ben] = await twoPeople()
    const { id } = (await ask(asha, ben)).body
    await ben.post(`/api/friends/requests/${id}/accept`)
    expect((await asha.delete(`/api/friends/requests/${id}`)).status).toBe(404)
    expect((await ben.post(`/api/friends/requests/${id}/decline`)).status).toBe(404)
    expect(await friendsOf(asha)).toEqual([ben.id])
  })
  it.each(['withdraw', 'decline'])('exactly one wins: accept against %s, twenty times over', async (end) => {
    for (let round = 0; round < 20; round++) {
      const [asha, ben] = await twoPeople()
      const { id } = (await ask(asha, ben)).body
      const path = `/api/friends/requests/${id}`
      const [accepted, ended] = await Promise.all([
        ben.post(`${path}/accept`),
        end === 'decline' ? ben.post(`${path}/decline`) : asha.delete(path),
      ])
      expect([`${accepted.status} ${ended.status}`]).toEqual([expect.stringMatching(/^(200 404|404 204)$/)])
      expect(await friendsOf(asha)).toEqual(accepted.status === 200 ? [ben.id] : [])
    }
  })
})

describe('friends', () => {
  it('200: by pages, the last request first', async () => {
    const asha = await newPerson()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      const other = await newPerson()
      const [one, two] = n % 2 === 0 ? [asha.person, other.person] : [other.person, asha.person]
      await makeFriends(world.deps, one, two)
      ids.unshift(other.id)
    }
    const first = (await asha.get('/api/friends?limit=3')).body
    const second = (await asha.get(`/api/friends?limit=3&cursor=${first.nextCursor}`)).body
    expect([...first.items, ...second.items].map(({ user }) => user.id)).toEqual(ids)
    expect(second.nextCursor).toBeNull()
    expect((await asha.get('/api/friends?cursor=x')).status).toBe(400)
  })
  it('204: part from either side; 404: where they are none', async () => {
    const [asha, ben] = await twoFriends()
    expect((await ben.delete(`/api/friends/${asha.id}`)).status).toBe(204)
    expect(await friendsOf(asha)).toEqual([])
    expect((await ben.delete(`/api/friends/${asha.id}`)).status).toBe(404)
    await ask(asha, ben)
    expect((await asha.delete(`/api/friends/${ben.id}`)).status).toBe(404)
    expect(await eventsAbout(ben)).toEqual(['friend.accepted', 'friend.removed'])
  })
  it('are in the archive of both, and gone with the account of either', async () => {
    const [asha, ben] = await twoFriends()
    const [carl, dora] = await twoPeople()
    await ask(carl, asha)
    await asha.post(`/api/blocks/${dora.id}`)
    const archive = (await asha.get('/api/users/me/export')).body.friends
    expect(archive).toMatchObject({
      friends: [{ userId: ben.id }],
      friendRequests: [{ from: carl.id, to: asha.id }],
      blocks: [{ userId: dora.id }],
    })
    expect((await dora.get('/api/users/me/export')).body.friends.blocks).toEqual([])
    await asha.delete('/api/users/me', { password: asha.person.password })
    await world.drain()
    expect(await friendsOf(ben)).toEqual([])
    expect(await itemsOf(carl, '/api/friends/requests?direction=outgoing')).toEqual([])
    const { rows } = await world.database.pool.query(
      'select 1 from friendships where $1 in (from_id, to_id) union all select 2 from blocks where $1 in (blocker_id, blocked_id)',
      [asha.id],
    )
    expect(rows).toEqual([])
  })
})

describe('a block', () => {
  it('201: ends friendship and requests with it; 200: the same again; only the blocker sees it', async () => {
    const [asha, ben] = await twoFriends()
    const { status, body } = await asha.post(`/api/blocks/${ben.id}`)
    expect(status).toBe(201)
    expect(body).toEqual({ user: { id: ben.id, name: 'Ben' }, since: world.clock.now().toISOString() })
    expect(await asha.post(`/api/blocks/${ben.id}`)).toMatchObject({ status: 200, body })
    expect(await itemsOf(asha, '/api/blocks')).toEqual([body])
    expect(await itemsOf(ben, '/api/blocks')).toEqual([])
    expect(await friendsOf(ben)).toEqual([])
    expect(await eventsAbout(asha)).toEqual(['friend.requested', 'friend.removed', 'person.blocked'])
  })
  it('204: taken back, they may ask again, and are strangers until then; 404: where there is none', async () => {
    const [asha, ben] = await twoFriends()
    await asha.post(`/api/blocks/${ben.id}`)
    expect((await ben.delete(`/api/blocks/${asha.id}`)).status).toBe(404)
    expect((await asha.delete(`/api/blocks/${ben.id}`)).status).toBe(204)
    expect((await asha.delete(`/api/blocks/${ben.id}`)).status).toBe(404)
    expect(await friendsOf(asha)).toEqual([])
    expect((await ask(ben, asha)).status).toBe(201)
  })
  it('may be of one another, and each takes back their own', async () => {
    const [asha, ben] = await twoPeople()
    await asha.post(`/api/blocks/${ben.id}`)
    expect((await ben.post(`/api/blocks/${asha.id}`)).status).toBe(201)
    await asha.delete(`/api/blocks/${ben.id}`)
    expect((await ask(asha, ben)).status).toBe(404)
    await ben.delete(`/api/blocks/${asha.id}`)
    expect((await ask(asha, ben)).status).toBe(201)
  })
  it('leaves no request behind that raced it, nor a friendship, thirty times over', async () => {
    for (let round = 0; round < 30; round++) {
      const [asha, ben] = await twoPeople()
      if (round % 2) await ask(asha, ben)
      await Promise.all([ask(ben, asha), asha.post(`/api/blocks/${ben.id}`)])
      expect(await friendsOf(ben)).toEqual([])
      expect(await itemsOf(asha, '/api/friends/requests')).toEqual([])
      expect(await itemsOf(ben, '/api/friends/requests')).toEqual([])
    }
  })
  it('400: oneself, no id; 404: nobody; 401', async () => {
    const asha = await newPerson()
    expect((await asha.post(`/api/blocks/${asha.id}`)).body.errors).toMatchObject([{ path: '/userId' }])
    expect((await asha.post('/api/blocks/x')).status).toBe(400)
    expect((await asha.post(`/api/blocks/${newId()}`)).status).toBe(404)
    expect((await world.client.post(`/api/blocks/${asha.id}`)).status).toBe(401)
  })
})
