import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeChatter, makeChatters } from '../../../test/support/chatters.ts'
import { makeMediaRow, upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { files } from '../media/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const sequences = (items: { sequence: number }[]) => items.map(({ sequence }) => sequence)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
async function waitingFor(userId: string): Promise<unknown[]> {
  const { rows } = await world.database.pool.query(
    "select payload from events where type = 'message.waiting' and payload ->> 'toId' = $1 order by id",
    [userId],
  )
  return rows.map(({ payload }) => payload)
}

describe('POST /chat/messages/:userId', () => {
  it('201: the message, which both then find in their history', async () => {
    const [asha, ben] = await makeChatters(world)
    const { status, body } = await asha.say(ben, '  Hello,\r\nBen  ', 'c-1')
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      sequence: 1,
      from: asha.id,
      to: ben.id,
      text: 'Hello,\nBen',
      clientId: 'c-1',
      createdAt: world.clock.now().toISOString(),
    })
    for (const answer of [await asha.history(ben), await ben.history(asha)])
      expect(answer).toMatchObject({ status: 200, body: { items: [body], nextCursor: null } })
    expect((await ben.say(asha, 'Hello')).body).toMatchObject({ sequence: 2, from: ben.id, to: asha.id })
  })
  it('200: sent again, it is the same message; 409 idempotency_mismatch: under its clientId with another text', async () => {
    const [asha, ben] = await makeChatters(world)
    const { body } = await asha.say(ben, 'Once', 'c-1')
    world.clock.advance({ minutes: 1 })
    expect(await asha.say(ben, ' Once', 'c-1')).toMatchObject({ status: 200, body })
    expect(await asha.say(ben, 'Twice', 'c-1')).toMatchObject({
      status: 409,
      body: { code: 'idempotency_mismatch' },
    })
    expect(await ben.say(asha, 'Mine', 'c-1')).toMatchObject({ status: 201, body: { sequence: 2 } })
    expect((await asha.history(ben)).body.items).toHaveLength(2)
  })
  it('201 again as before: with the same Idempotency-Key; 409: with it and another body', async () => {
    const [asha, ben] = await makeChatters(world)
    const headers = { 'idempotency-key': newId() }
    const path = `/api/chat/messages/${ben.id}`
    const first = await asha.post(path, { text: 'Once', clientId: 'c-1' }, { headers })
    const again = await asha.post(path, { text: 'Once', clientId: 'c-1' }, { headers })
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body).toEqual(first.body)
    const other = await asha.post(path, { text: 'Once', clientId: 'c-2' }, { headers })
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } })
  })
  it('costs two statements and a transaction around them, once the conversation has begun', async () => {
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, 'First')
    world.statements.length = 0
    await asha.say(ben, 'Second')
    expect(world.statements.map((text) => text.trim().split(/\s/)[0])).toEqual([
      'begin',
      'select',
      'with',
      'commit',
    ])
  })
  it('201: between teacher and student, either way, until the course ends for them', async () => {
    const { owner, id: courseId } = await makeCourse(world.deps)
    const { student, id } = await makeEnrollment(world.deps, { courseId })
    const [teacher, pupil] = [owner, student].map((person) => world.client.as(person.accessToken))
    const said = () => ({ text: 'Hello', clientId: newId() })
    expect((await teacher?.post(`/api/chat/messages/${student.id}`, said()))?.status).toBe(201)
    expect((await pupil?.post(`/api/chat/messages/${owner.id}`, said()))?.status).toBe(201)
    await pupil?.post(`/api/enrollments/${id}/cancel`)
    expect((await pupil?.post(`/api/chat/messages/${owner.id}`, said()))?.status).toBe(404)
    expect((await teacher?.get(`/api/chat/history/${student.id}`))?.body.items).toHaveLength(2)
  })
  it('404, each the same: to a stranger, nobody, oneself, and once unfriended, blocked or blocking; what was said stays', async () => {
    const [asha, ben] = await makeChatters(world)
    const stranger = await makeChatter(world)
    await asha.say(ben, 'Hello')
    const refused = await asha.say(stranger, 'Hello')
    const seen = [refused, await asha.say({ id: newId() }, 'Hello'), await asha.say(asha, 'Hello')]
    await ben.delete(`/api/friends/${asha.id}`)
    seen.push(await asha.say(ben, 'Hello'))
    await ben.post(`/api/blocks/${asha.id}`)
    seen.push(await asha.say(ben, 'Hello'), await ben.say(asha, 'Hello'))
    for (const { status, body } of seen) {
      expect(status).toBe(404)
      expect({ ...body, requestId: '' }).toEqual({ ...refused.body, requestId: '' })
    }
    for (const answer of [await asha.history(ben), await ben.history(asha)])
      expect(sequences(answer.body.items)).toEqual([1])
  })
  it.each([
    ['no clientId', { text: 'Hello' }, '/clientId'],
    ['neither text nor file', { clientId: 'c' }, '/text'],
    ['nothing to read', { text: ' \n ', clientId: 'c' }, '/text'],
    ['too long', { text: 'x'.repeat(4_001), clientId: 'c' }, '/text'],
    ['a control character', { text: 'a\u0007b', clientId: 'c' }, '/text'],
    ['a clientId with a space', { text: 'Hello', clientId: 'a b' }, '/clientId'],
    ['a clientId without end', { text: 'Hello', clientId: 'c'.repeat(101) }, '/clientId'],
    ['no file', { mediaId: newId(), clientId: 'c' }, '/mediaId'],
    ['a field that is not known', { text: 'Hello', clientId: 'c', from: newId() }, '/from'],
  ])('400: %s', async (_, body, path) => {
    const [asha, ben] = await makeChatters(world)
    const answer = await asha.post(`/api/chat/messages/${ben.id}`, body)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
    expect((await ben.history(asha)).body.items).toEqual([])
  })
  it('400: for an id that is none; 401', async () => {
    const asha = await makeChatter(world)
    expect((await asha.say({ id: 'x' }, 'Hello')).status).toBe(400)
    const body = { text: 'Hello', clientId: 'c' }
    expect((await world.client.post(`/api/chat/messages/${asha.id}`, body)).status).toBe(401)
  })
  it('429: past sixty in a minute, with the time to wait', async () => {
    const limited = await createWorld({ config: { rateLimits: true } })
    const [asha, ben] = await makeChatters(limited)
    for (let n = 0; n < 60; n++) expect((await asha.say(ben, `${n}`)).status).toBe(201)
    const answer = await asha.say(ben, 'One more')
    limited.clock.advance({ seconds: 60 })
    const later = await asha.say(ben, 'One more')
    await limited.close()
    expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    expect(answer.headers.get('retry-after')).toBe('60')
    expect(later.status).toBe(201)
  })
})

describe('messages that race', () => {
  it('get the sequences 1 to 50, each once, and ids in their order', async () => {
    const [asha, ben] = await makeChatters(world)
    const answers = await Promise.all(
      upTo(50).map((n) => (n % 2 ? asha.say(ben, `a${n}`) : ben.say(asha, `b${n}`))),
    )
    expect(answers.map(({ status }) => status)).toEqual(upTo(50).map(() => 201))
    const { items } = (await asha.history(ben, '?limit=100')).body
    expect(sequences(items)).toEqual(upTo(50).reverse())
    const ids = items.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(ids.toSorted().reverse())
    for (const who of [asha, ben])
      expect((await who.get('/api/chat/conversations')).body.items).toMatchObject([{ unread: 25 }])
  })
  it('are one message: under one clientId from two devices at once, twenty times over', async () => {
    const [asha, ben] = await makeChatters(world)
    for (let round = 1; round <= 20; round++) {
      const answers = await Promise.all([1, 2].map(() => asha.say(ben, 'Once', `c-${round}`)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
      expect(answers.map(({ body }) => body.sequence)).toEqual([round, round])
      expect(answers[0]?.body.id).toBe(answers[1]?.body.id)
    }
  })
  it('404: one that waited for the conversation while the block was answered', async () => {
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, 'Hello')
    const holder = await world.database.pool.connect()
    try {
      await holder.query('begin')
      await holder.query('select from conversations where $1 in (low_id, high_id) for update', [asha.id])
      const said = asha.say(ben, 'And now?')
      await vi.waitFor(async () => {
        const { rowCount } = await world.database.pool.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        )
        expect(rowCount).toBe(1)
      }, 5_000)
      expect((await ben.post(`/api/blocks/${asha.id}`)).status).toBe(201)
      await holder.query('commit')
      expect((await said).status).toBe(404)
    } finally {
      holder.release(true)
    }
    expect((await ben.history(asha)).body.items).toHaveLength(1)
    expect((await ben.get('/api/chat/conversations')).body.items).toMatchObject([{ unread: 1 }])
  })
  it('are one conversation: when both begin it at once', async () => {
    for (let round = 0; round < 10; round++) {
      const [asha, ben] = await makeChatters(world)
      const answers = await Promise.all([asha.say(ben, 'Hi'), ben.say(asha, 'Hi')])
      expect(answers.map(({ body }) => body.sequence).sort()).toEqual([1, 2])
    }
  })
})

describe('GET /chat/history/:userId', () => {
  it('200: by pages, the last first, and stable while more is said', async () => {
    const [asha, ben] = await makeChatters(world)
    for (const n of upTo(7)) await asha.say(ben, `${n}`)
    const first = (await ben.history(asha, '?limit=3')).body
    await asha.say(ben, '8')
    const second = (await ben.history(asha, `?limit=3&cursor=${first.nextCursor}`)).body
    const third = (await ben.history(asha, `?limit=3&before=${second.nextCursor}`)).body
    expect([first, second, third].map(({ items }) => sequences(items))).toEqual([[7, 6, 5], [4, 3, 2], [1]])
    expect(third.nextCursor).toBeNull()
  })
  it('200: what was missed, after the last that one has', async () => {
    const [asha, ben] = await makeChatters(world)
    for (const n of upTo(7)) await asha.say(ben, `${n}`)
    const first = (await ben.history(asha, '?after=2&limit=3')).body
    const second = (await ben.history(asha, `?after=2&limit=3&cursor=${first.nextCursor}`)).body
    expect([...sequences(first.items), ...sequences(second.items)]).toEqual([7, 6, 5, 4, 3])
    expect(second.nextCursor).toBeNull()
    expect((await ben.history(asha, '?after=7')).body).toEqual({ items: [], nextCursor: null })
    expect(sequences((await ben.history(asha, '?before=3')).body.items)).toEqual([2, 1])
  })
  it('200, empty: of a friend to whom nothing was said; 404: of a stranger, and of what two others said', async () => {
    const [asha, ben] = await makeChatters(world)
    const eve = await makeChatter(world)
    expect((await asha.history(ben)).body).toEqual({ items: [], nextCursor: null })
    await asha.say(ben, 'Secret')
    expect((await eve.history(asha)).status).toBe(404)
    expect((await eve.history({ id: newId() })).status).toBe(404)
  })
  it.each(['?before=x', '?after=-1', '?cursor=abc', '?limit=0', '?limit=101', '?before=1e99', '?page=2'])(
    '400: %s',
    async (query) => {
      const [asha, ben] = await makeChatters(world)
      expect((await asha.history(ben, query)).status).toBe(400)
    },
  )
  it('costs two statements', async () => {
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, 'Hello')
    world.statements.length = 0
    await ben.history(asha)
    expect(world.statements).toHaveLength(2)
  })
})

describe('an attached file', () => {
  const sendFile = (from: { post: typeof world.client.post }, to: { id: string }, mediaId: string) =>
    from.post(`/api/chat/messages/${to.id}`, { mediaId, clientId: newId() })

  it('201: is seen by both and nobody else, and stays: 409 media_in_use', async () => {
    const [asha, ben] = await makeChatters(world)
    const eve = await makeChatter(world)
    const { body: media } = await upload(asha, await files.png())
    expect((await ben.get(`/api/media/${media.id}/details`)).status).toBe(404)
    const { status, body } = await sendFile(asha, ben, media.id)
    expect(status).toBe(201)
    expect(body).toMatchObject({ media: { id: media.id, kind: 'image', url: expect.any(String) } })
    expect(body).not.toHaveProperty('text')
    expect((await ben.history(asha)).body.items).toMatchObject([{ media: { id: media.id } }])
    expect((await ben.get(`/api/media/${media.id}/details`)).status).toBe(200)
    expect((await eve.get(`/api/media/${media.id}/details`)).status).toBe(404)
    expect((await asha.delete(`/api/media/${media.id}`)).body.code).toBe('media_in_use')
    world.clock.advance({ minutes: 1 })
  })
  it("400 /mediaId: another's, an admin's of another, one that is broken", async () => {
    const [asha, ben] = await makeChatters(world)
    const others = await makeMediaRow(world, ben)
    const broken = await makeMediaRow(world, asha, { status: 'failed' })
    for (const mediaId of [others, broken])
      expect((await sendFile(asha, ben, mediaId)).body.errors).toMatchObject([{ path: '/mediaId' }])
    const admin = await makePerson(world.deps, { role: 'admin' })
    const client = world.client.as(admin.accessToken)
    await client.post('/api/friends/request', { userId: ben.id })
    await ben.post('/api/friends/request', { userId: admin.id })
    expect((await sendFile(client, ben, others)).body.errors).toMatchObject([{ path: '/mediaId' }])
    expect((await sendFile(client, ben, await makeMediaRow(world, admin))).status).toBe(201)
  })
})

describe('GET /chat/conversations', () => {
  it('200: the last active first, by pages, with the other one, the last message and what is unread', async () => {
    const asha = await makeChatter(world)
    const others = await Promise.all(['Ben', 'Carl', 'Dora'].map((name) => makeChatter(world, name)))
    for (const other of others) {
      world.clock.advance({ seconds: 1 })
      await other.post('/api/friends/request', { userId: asha.id })
      await asha.post('/api/friends/request', { userId: other.id })
      await other.say(asha, 'Hello')
      await other.say(asha, `I am ${other.person.name}`)
    }
    world.clock.advance({ seconds: 1 })
    await asha.say(others[0] ?? asha, 'Hello Ben')
    const first = (await asha.get('/api/chat/conversations?limit=2')).body
    const second = (await asha.get(`/api/chat/conversations?limit=2&cursor=${first.nextCursor}`)).body
    expect([...first.items, ...second.items]).toMatchObject([
      { user: { name: 'Ben' }, lastMessage: { text: 'Hello Ben', sequence: 3 }, unread: 2, canWrite: true },
      { user: { name: 'Dora' }, lastMessage: { text: 'I am Dora' }, unread: 2, readUpTo: 0 },
      { user: { name: 'Carl' }, lastMessage: { text: 'I am Carl' } },
    ])
    expect(second.nextCursor).toBeNull()
    await others[2]?.delete(`/api/friends/${asha.id}`)
    expect((await asha.get('/api/chat/conversations')).body.items[1].canWrite).toBe(false)
  })
  it('costs two statements, however many; 400: a cursor that is none', async () => {
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, 'Hello')
    world.statements.length = 0
    await ben.get('/api/chat/conversations')
    expect(world.statements).toHaveLength(2)
    for (const cursor of ['x', Buffer.from('["infinity","x"]').toString('base64url')])
      expect((await ben.get(`/api/chat/conversations?cursor=${cursor}`)).status).toBe(400)
  })
})

describe('POST /chat/read/:userId', () => {
  const read = (who: { post: typeof world.client.post }, other: { id: string }, body?: unknown) =>
    who.post(`/api/chat/read/${other.id}`, body)

  it('200: lowers what is unread, exactly, and tells the sender when', async () => {
    const [asha, ben] = await makeChatters(world)
    for (const n of upTo(5)) await (n === 3 ? ben.say(asha, 'Yes') : asha.say(ben, `${n}`))
    world.clock.advance({ minutes: 1 })
    const at = world.clock.now().toISOString()
    expect(await read(ben, asha, { upTo: 4 })).toMatchObject({ status: 200, body: { upTo: 4, unread: 1 } })
    const items: { sequence: number; readAt?: string }[] = (await asha.history(ben)).body.items
    expect(items.map(({ sequence, readAt }) => [sequence, readAt])).toEqual([
      [5, undefined],
      [4, at],
      [3, undefined],
      [2, at],
      [1, at],
    ])
    expect((await ben.get('/api/chat/conversations')).body.items).toMatchObject([{ unread: 1, readUpTo: 4 }])
    expect((await asha.get('/api/chat/conversations')).body.items).toMatchObject([{ unread: 1, readUpTo: 0 }])
  })
  it('200: never goes back, nor past the last message; without upTo it is all', async () => {
    const [asha, ben] = await makeChatters(world)
    for (const n of upTo(3)) await asha.say(ben, `${n}`)
    expect((await read(ben, asha, { upTo: 2 })).body).toEqual({ upTo: 2, unread: 1 })
    expect((await read(ben, asha, { upTo: 1 })).body).toEqual({ upTo: 2, unread: 1 })
    expect((await read(ben, asha, { upTo: 2_147_483_647 })).body).toEqual({ upTo: 3, unread: 0 })
    await asha.say(ben, '4')
    expect((await ben.get('/api/chat/conversations')).body.items).toMatchObject([{ unread: 1 }])
    expect((await read(ben, asha)).body).toEqual({ upTo: 4, unread: 0 })
  })
  it('is exact: however marks and messages race', async () => {
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, '1')
    await Promise.all(
      upTo(30).flatMap((n) => [asha.say(ben, `${n}`), read(ben, asha, { upTo: n }), ben.say(asha, `${n}`)]),
    )
    const { rows } = await world.database.pool.query(
      `select least(low_read, high_read) as other, greatest(low_read, high_read) as mark,
         (select count(*) from messages where conversation_id = conversations.id and sender_id = $1
           and sequence > greatest(low_read, high_read)) as counted,
         (select count(*) from messages where conversation_id = conversations.id and sender_id = $1
           and sequence <= greatest(low_read, high_read) and read_at is null) as forgotten
       from conversations where $1 in (low_id, high_id)`,
      [asha.id],
    )
    const [{ other, mark, counted, forgotten }] = rows
    expect([other, mark, forgotten]).toEqual([0, 30, 0])
    expect((await ben.get('/api/chat/conversations')).body.items).toMatchObject([{ unread: counted }])
    expect((await read(ben, asha)).body).toEqual({ upTo: 61, unread: 0 })
  })
  it('200: once out of reach, without the sender being told', async () => {
    const [asha, ben] = await makeChatters(world)
    await asha.say(ben, 'Hello')
    await ben.post(`/api/blocks/${asha.id}`)
    expect((await read(ben, asha)).body).toEqual({ upTo: 1, unread: 0 })
    expect((await asha.history(ben)).body.items[0]).not.toHaveProperty('readAt')
  })
  it('200, nothing: where a friend has said nothing; 404: of a stranger; 400; 401', async () => {
    const [asha, ben] = await makeChatters(world)
    expect(await read(asha, ben)).toMatchObject({ status: 200, body: { upTo: 0, unread: 0 } })
    expect((await read(await makeChatter(world), ben)).status).toBe(404)
    for (const body of [{ upTo: -1 }, { upTo: 1.5 }, { upTo: '1' }, { upTo: 2 ** 31 }, { all: true }])
      expect((await read(asha, ben, body)).status).toBe(400)
    expect((await read(world.client, ben)).status).toBe(401)
  })
})

describe('what others hear of', () => {
  it('message.waiting: once for a pile of unread messages, again after it was read', async () => {
    const [asha, ben] = await makeChatters(world)
    const { body: first } = await asha.say(ben, '1')
    await asha.say(ben, '2')
    await ben.post(`/api/chat/read/${asha.id}`, { upTo: 1 })
    await asha.say(ben, '3')
    expect(await waitingFor(ben.id)).toEqual([
      { conversationId: expect.any(String), messageId: first.id, fromId: asha.id, toId: ben.id },
    ])
    await ben.post(`/api/chat/read/${asha.id}`)
    await asha.say(ben, '4')
    expect(await waitingFor(ben.id)).toHaveLength(2)
    expect(await waitingFor(asha.id)).toEqual([])
  })
})
