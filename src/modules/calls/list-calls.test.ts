import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, makePair, ring } from '../../../test/support/calls.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

describe('GET /calls', () => {
  it('200: own calls of both directions, newest first, each seen from its side; in one statement', async () => {
    const pair = await makePair(world)
    const { asha, ben, a, b } = pair
    const first = await connect(pair)
    world.clock.advance({ seconds: 60 })
    await a.ask('call:hangup', { callId: first })
    const back = await b.ask('call:invite', { to: asha.id, media: 'video' })
    world.statements.length = 0
    const { status, body } = await as(asha).get('/api/calls')
    expect(status).toBe(200)
    expect(world.statements).toHaveLength(1)
    const now = world.clock.now().toISOString()
    const before = new Date(world.clock.now().getTime() - 60_000).toISOString()
    const benCard = { id: ben.id, name: 'Ben' }
    expect(body.items).toEqual([
      {
        id: back.callId,
        with: benCard,
        media: 'video',
        direction: 'incoming',
        state: 'ringing',
        startedAt: now,
        durationSeconds: 0,
      },
      {
        id: first,
        with: benCard,
        media: 'audio',
        direction: 'outgoing',
        state: 'ended',
        startedAt: before,
        answeredAt: before,
        endedAt: now,
        durationSeconds: 60,
      },
    ])
    const theirs = (await as(ben).get('/api/calls')).body.items
    expect(theirs.map(({ direction }: { direction: string }) => direction)).toEqual(['outgoing', 'incoming'])
    expect((await as(await makePerson(world.deps)).get('/api/calls')).body).toEqual({
      items: [],
      nextCursor: null,
    })
  })
  it('200: by pages, without a gap or a double', async () => {
    const pair = await makePair(world)
    const made: string[] = []
    for (let n = 0; n < 5; n++) {
      const callId = await ring(pair)
      await pair.b.ask('call:decline', { callId })
      made.unshift(callId)
    }
    const seen: string[] = []
    let path: string | null = '/api/calls?limit=2'
    while (path !== null) {
      const { body } = await as(pair.ben).get(path)
      seen.push(...body.items.map(({ id }: { id: string }) => id))
      path = body.nextCursor === null ? null : `/api/calls?limit=2&cursor=${body.nextCursor}`
    }
    expect(seen).toEqual(made)
  })
  it('401: for nobody; 400: for what is no cursor, and unknown fields', async () => {
    expect((await world.client.get('/api/calls')).status).toBe(401)
    const me = as(await makePerson(world.deps))
    expect((await me.get('/api/calls?cursor=x')).body.errors).toMatchObject([{ path: '/cursor' }])
    expect((await me.get('/api/calls?of=somebody')).status).toBe(400)
  })
  it('is in the archive of a person', async () => {
    const pair = await makePair(world)
    await ring(pair)
    const { body } = await as(pair.ben).get('/api/users/me/export')
    expect(body.calls.calls).toMatchObject([{ with: pair.asha.id, direction: 'incoming', state: 'ringing' }])
  })
})
