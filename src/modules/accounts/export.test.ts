import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { writeArchive } from './export-archive.ts'
import { makePerson } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('GET /users/me/export', () => {
  it('200: a file with everything about the person, and nothing that signs in', async () => {
    const person = await makePerson(world.deps)
    const other = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    await me.patch('/api/users/me', { bio: 'Since 1986.' })
    await world.database.pool.query(
      `insert into identities values ('https://id.example.org', 'her-subject', $1, now())`,
      [person.id],
    )
    const { status, body, headers } = await me.get('/api/users/me/export')
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="lectern-[\d-]{10}\.json"$/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body.exportedAt).toBe(world.clock.now().toISOString())
    const { profile, sessions, identities, links, events } = body.accounts
    expect(profile).toMatchObject({
      id: person.id,
      email: person.email,
      name: person.name,
      bio: 'Since 1986.',
      hasPassword: true,
    })
    expect(sessions).toMatchObject([{ id: person.sessionId, device: 'test', address: '127.0.0.1' }])
    expect(identities).toMatchObject([{ issuer: 'https://id.example.org', subject: 'her-subject' }])
    expect(links).toEqual([])
    expect(events.map(({ type }: { type: string }) => type)).toEqual(['session.opened', 'user.updated'])
    const text = JSON.stringify(body)
    expect(text).not.toContain('$2')
    expect(text).not.toContain(other.id)
    expect(text).not.toContain(other.email)
  })
  it('200: however much somebody has done', async () => {
    const person = await makePerson(world.deps)
    await world.database.pool.query(
      `insert into events (id, type, user_id, occurred_at, payload)
       select uuidv7(), 'test.done', $1, now(), json_build_object('number', i) from generate_series(1, 2500) as i`,
      [person.id],
    )
    const { body } = await world.client.as(person.accessToken).get('/api/users/me/export')
    const done = body.accounts.events.filter(({ type }: { type: string }) => type === 'test.done')
    expect(done.map(({ payload }: { payload: { number: number } }) => payload.number)).toEqual(
      Array.from({ length: 2_500 }, (_, i) => i + 1),
    )
  })
  it('401 unauthenticated', async () => {
    expect((await world.client.get('/api/users/me/export')).status).toBe(401)
  })
})

it('an archive has a member per module that has something to tell, streams and all', async () => {
  async function* streamed() {
    yield 1
    yield { two: 'with "quotes"' }
  }
  async function* nothing() {}
  const at = new Date('2026-03-01T12:00:00.000Z')
  const collectors = [
    { name: 'first', personalData: async () => ({ list: streamed(), none: nothing(), unset: undefined }) },
    { name: 'silent' },
    { name: 'second', personalData: async () => ({}) },
  ]
  const pieces = await Array.fromAsync(writeArchive(collectors, world.deps.db, newId(), at))
  expect(JSON.parse(pieces.join(''))).toEqual({
    exportedAt: '2026-03-01T12:00:00.000Z',
    first: { list: [1, { two: 'with "quotes"' }], none: [], unset: null },
    second: {},
  })
})
