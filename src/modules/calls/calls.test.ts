import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, makePair, ring } from '../../../test/support/calls.ts'
import type { Device } from '../../../test/support/device.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makeFriends } from '../friends/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const phoneOf = (person: Person) => world.connect(person.accessToken)
const namesAt = (device: Device) => device.pushes.map(({ name }) => name)

/** The facts about a call, in their order. */
async function factsOf(callId: string) {
  const { rows } = await world.database.pool.query(
    `select type, user_id, payload from events where payload ->> 'callId' = $1 order by id`,
    [callId],
  )
  return rows
}
const typesOf = async (callId: string) => (await factsOf(callId)).map(({ type }) => type)

/** Nobody is in a call any more than the rows say. */
async function partiesOf(callId: string): Promise<number> {
  const { rows } = await world.database.pool.query('select 1 from call_parties where call_id = $1', [callId])
  return rows.length
}

/** A third person, whom both may call, at a phone. */
async function makeThird({ asha, ben }: { asha: Person; ben: Person }) {
  const carl = await makePerson(world.deps, { name: 'Carl' })
  await makeFriends(world.deps, asha, carl)
  await makeFriends(world.deps, ben, carl)
  return { carl, c: await phoneOf(carl) }
}

describe('call:invite', () => {
  it('rings on every device of the called person, and on nobody else', async () => {
    const pair = await makePair(world)
    const { asha, ben, a, b } = pair
    const [tablet, { c }] = await Promise.all([phoneOf(ben), makeThird(pair)])
    const answer = await a.ask('call:invite', { to: ben.id, media: 'video' })
    const expiresAt = new Date(world.clock.now().getTime() + 45_000).toISOString()
    const { callId } = answer
    expect(answer).toEqual({ ok: true, callId, state: 'ringing', media: 'video', expiresAt })
    const incoming = {
      callId,
      from: asha.id,
      user: { id: asha.id, name: 'Asha' },
      media: 'video',
      startedAt: world.clock.now().toISOString(),
      expiresAt,
    }
    expect(await b.next('call:incoming')).toEqual(incoming)
    expect(await tablet.next('call:incoming')).toEqual(incoming)
    await Promise.all([a.settled(), c.settled()])
    expect([...namesAt(a), ...namesAt(c)]).toEqual([])
    expect(await factsOf(callId)).toEqual([
      {
        type: 'call.started',
        user_id: asha.id,
        payload: { callId, from: asha.id, to: ben.id, media: 'video' },
      },
    ])
  })
  it('is for teacher and student of one course, too', async () => {
    const { owner, id: courseId } = await makeCourse(world.deps)
    const { student } = await makeEnrollment(world.deps, { courseId })
    const [theirs, his] = await Promise.all([phoneOf(student), phoneOf(owner)])
    const { callId } = await his.ask('call:invite', { to: student.id, media: 'audio' })
    expect((await theirs.next('call:incoming')).callId).toBe(callId)
  })
  it('not_found, word for word the same: for strangers, those who blocked one, and nobody', async () => {
    const pair = await makePair(world)
    const { asha, ben, a } = pair
    await as(ben).post(`/api/blocks/${asha.id}`)
    const stranger = await makePerson(world.deps)
    const answers = []
    for (const to of [ben.id, stranger.id, newId()])
      answers.push(await a.ask('call:invite', { to, media: 'audio' }))
    expect(answers[0]).toMatchObject({ ok: false, code: 'not_found' })
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })
  it.each([
    [{}],
    [{ to: newId() }],
    [{ to: 'ben', media: 'audio' }],
    [{ to: newId(), media: 'smell' }],
    [{ to: newId(), media: 'audio', loud: true }],
    ['ben'],
  ])('validation_failed: %j', async (input) => {
    const { a } = await makePair(world)
    expect(await a.ask('call:invite', input)).toMatchObject({ ok: false, code: 'validation_failed' })
  })
  it('validation_failed: to oneself', async () => {
    const { asha, a } = await makePair(world)
    expect(await a.ask('call:invite', { to: asha.id, media: 'audio' })).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/to' }],
    })
  })
  it('busy: where the other is in a call, which they have missed then', async () => {
    const pair = await makePair(world)
    const { ben, b } = pair
    const { carl, c } = await makeThird(pair)
    await ring(pair)
    await b.next('call:incoming')
    expect(await c.ask('call:invite', { to: ben.id, media: 'audio' })).toMatchObject({
      ok: false,
      code: 'busy',
    })
    await b.settled()
    expect(namesAt(b)).toEqual(['call:incoming'])
    const { items } = (await as(ben).get('/api/calls')).body
    expect(items[0]).toMatchObject({ with: { name: 'Carl' }, state: 'busy', direction: 'incoming' })
    expect(await factsOf(items[0].id)).toMatchObject([
      { type: 'call.missed', payload: { from: carl.id, to: ben.id, reason: 'busy' } },
    ])
  })
  it('already_in_call: on another device, or somebody else; the same call for the same device', async () => {
    const pair = await makePair(world)
    const { asha, ben, a, b } = pair
    const { carl } = await makeThird(pair)
    const callId = await ring(pair)
    const second = await phoneOf(asha)
    const inUse = { ok: false, code: 'already_in_call' }
    expect(await second.ask('call:invite', { to: ben.id, media: 'audio' })).toMatchObject(inUse)
    expect(await a.ask('call:invite', { to: carl.id, media: 'audio' })).toMatchObject(inUse)
    expect(await a.ask('call:invite', { to: ben.id, media: 'audio' })).toMatchObject({ ok: true, callId })
    await b.settled()
    expect(namesAt(b)).toEqual(['call:incoming'])
  })
  it('accepts the call of the other, who called first', async () => {
    const pair = await makePair(world)
    const { asha, a, b } = pair
    const callId = await ring(pair)
    expect(await b.ask('call:invite', { to: asha.id, media: 'video' })).toEqual({
      ok: true,
      callId,
      state: 'active',
      media: 'audio',
    })
    expect(await a.next('call:accepted')).toEqual({ callId, media: 'audio' })
    await a.settled()
    expect(namesAt(a)).toEqual(['call:accepted'])
  })
  it('ends a call that rings too long, where no worker did', async () => {
    const pair = await makePair(world)
    const { ben } = pair
    const { carl, c } = await makeThird(pair)
    const old = await ring(pair)
    world.clock.advance({ seconds: 60 })
    expect(await c.ask('call:invite', { to: ben.id, media: 'audio' })).toMatchObject({ ok: true })
    expect(await typesOf(old)).toEqual(['call.started', 'call.missed'])
    await world.drain()
    expect(await pair.a.next('call:ended')).toMatchObject({ callId: old, reason: 'timeout' })
    expect((await as(carl).get('/api/calls')).body.items).toHaveLength(1)
  })
})

describe('call:accept', () => {
  it('is told to the caller; the other devices stop ringing', async () => {
    const pair = await makePair(world)
    const { a, b, ben } = pair
    const tablet = await phoneOf(ben)
    const callId = await ring(pair)
    expect(await b.ask('call:accept', { callId })).toEqual({
      ok: true,
      callId,
      state: 'active',
      media: 'audio',
    })
    expect(await a.next('call:accepted')).toEqual({ callId, media: 'audio' })
    expect(await tablet.next('call:ended')).toEqual({
      callId,
      reason: 'answered_elsewhere',
      durationSeconds: 0,
    })
    await b.settled()
    expect(namesAt(b)).toEqual(['call:incoming'])
    expect(await typesOf(callId)).toEqual(['call.started', 'call.answered'])
  })
  it('again by the same device changes nothing; call_taken: by another', async () => {
    const pair = await makePair(world)
    const { a, b, ben } = pair
    const tablet = await phoneOf(ben)
    const callId = await connect(pair)
    expect(await b.ask('call:accept', { callId })).toMatchObject({ ok: true, state: 'active' })
    expect(await tablet.ask('call:accept', { callId })).toMatchObject({ code: 'call_taken' })
    await a.settled()
    expect(namesAt(a)).toEqual(['call:accepted'])
  })
  it('not_found: for the caller, a third person, and a call that never was', async () => {
    const pair = await makePair(world)
    const { c } = await makeThird(pair)
    const callId = await ring(pair)
    const never = await c.ask('call:accept', { callId: newId() })
    expect(never).toMatchObject({ code: 'not_found' })
    for (const device of [pair.a, c]) expect(await device.ask('call:accept', { callId })).toEqual(never)
  })
  it('call_over: when the caller has given up', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    await pair.a.ask('call:hangup', { callId })
    expect(await pair.b.ask('call:accept', { callId })).toMatchObject({ code: 'call_over' })
  })
  it('call_over: from somebody who may not call one any more, before that has ended the call; nothing was missed', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    await as(pair.ben).post(`/api/blocks/${pair.asha.id}`)
    expect(await pair.b.ask('call:accept', { callId })).toMatchObject({ code: 'call_over' })
    await world.drain()
    expect(await typesOf(callId)).toEqual(['call.started'])
  })
})

describe('call:decline', () => {
  it('on one device stops all; the caller is told; nothing was missed', async () => {
    const pair = await makePair(world)
    const { a, b, ben } = pair
    const tablet = await phoneOf(ben)
    const callId = await ring(pair)
    expect(await b.ask('call:decline', { callId })).toEqual({ ok: true })
    expect(await a.next('call:declined')).toEqual({ callId })
    expect(await tablet.next('call:ended')).toMatchObject({ callId, reason: 'declined' })
    await Promise.all([a.settled(), b.settled()])
    expect([namesAt(a), namesAt(b)]).toEqual([['call:declined'], ['call:incoming']])
    expect(await typesOf(callId)).toEqual(['call.started', 'call.declined'])
    expect(await partiesOf(callId)).toBe(0)
    expect(await b.ask('call:decline', { callId })).toEqual({ ok: true })
    expect(await typesOf(callId)).toHaveLength(2)
  })
  it('not_found: by the caller or a third; call_taken: when it is active; call_over: when it is over', async () => {
    const pair = await makePair(world)
    const { c } = await makeThird(pair)
    const callId = await ring(pair)
    for (const device of [pair.a, c])
      expect(await device.ask('call:decline', { callId })).toMatchObject({ code: 'not_found' })
    await pair.b.ask('call:accept', { callId })
    expect(await pair.b.ask('call:decline', { callId })).toMatchObject({ code: 'call_taken' })
    await pair.b.ask('call:hangup', { callId })
    expect(await pair.b.ask('call:decline', { callId })).toMatchObject({ code: 'call_over' })
  })
})

describe('call:hangup', () => {
  it.each(['a', 'b'] as const)('by %s ends an active call for both, with its length', async (side) => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    world.clock.advance({ seconds: 83 })
    const [by, other] = side === 'a' ? [pair.a, pair.b] : [pair.b, pair.a]
    expect(await by.ask('call:hangup', { callId })).toEqual({ ok: true })
    expect(await other.next('call:ended')).toEqual({ callId, reason: 'hangup', durationSeconds: 83 })
    await by.settled()
    expect(namesAt(by)).not.toContain('call:ended')
    expect((await factsOf(callId)).at(-1)).toMatchObject({
      type: 'call.ended',
      payload: { reason: 'hangup', seconds: 83 },
    })
    expect(await partiesOf(callId)).toBe(0)
    expect(await by.ask('call:hangup', { callId })).toEqual({ ok: true })
  })
  it('by the caller before it is taken: the called person has missed it', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    await pair.a.ask('call:hangup', { callId })
    expect(await pair.b.next('call:ended')).toMatchObject({ callId, reason: 'cancelled' })
    expect(await typesOf(callId)).toEqual(['call.started', 'call.missed'])
  })
  it('by the called person before it is taken declines it', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    await pair.b.ask('call:hangup', { callId })
    expect(await pair.a.next('call:declined')).toEqual({ callId })
  })
  it('is possible from any device of either; not_found: for a third person', async () => {
    const pair = await makePair(world)
    const { c } = await makeThird(pair)
    const callId = await connect(pair)
    expect(await c.ask('call:hangup', { callId })).toMatchObject({ code: 'not_found' })
    expect(await partiesOf(callId)).toBe(2)
    const tablet = await phoneOf(pair.ben)
    expect(await tablet.ask('call:hangup', { callId })).toEqual({ ok: true })
    expect(await pair.b.next('call:ended')).toMatchObject({ callId, reason: 'hangup' })
  })
})

describe('a call that nobody takes', () => {
  it('is missed after 45 seconds, and no sooner; both may call again', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    world.clock.advance({ seconds: 44 })
    await world.drain()
    expect(await typesOf(callId)).toEqual(['call.started'])
    world.clock.advance({ seconds: 1 })
    await world.drain()
    for (const device of [pair.a, pair.b])
      expect(await device.next('call:ended')).toEqual({ callId, reason: 'timeout', durationSeconds: 0 })
    expect(await typesOf(callId)).toEqual(['call.started', 'call.missed'])
    expect(await pair.b.ask('call:accept', { callId })).toMatchObject({ code: 'call_over' })
    expect(await ring(pair)).not.toBe(callId)
  })
  it('and one that was taken is not', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    world.clock.advance({ seconds: 46 })
    await world.drain()
    expect(await partiesOf(callId)).toBe(2)
  })
})

describe('a call ends at once', () => {
  it.each(['ring', 'connect'] as const)('when one blocks the other, who is not told: %s', async (how) => {
    const pair = await makePair(world)
    const callId = await { ring, connect }[how](pair)
    await as(pair.ben).post(`/api/blocks/${pair.asha.id}`)
    await world.drain()
    const reason = how === 'ring' ? 'cancelled' : 'hangup'
    for (const device of [pair.a, pair.b])
      expect(await device.next('call:ended')).toMatchObject({ callId, reason })
    expect(await partiesOf(callId)).toBe(0)
  })
  it('but not when one of them blocks somebody else', async () => {
    const pair = await makePair(world)
    const { carl } = await makeThird(pair)
    const callId = await connect(pair)
    await as(pair.ben).post(`/api/blocks/${carl.id}`)
    await world.drain()
    expect(await partiesOf(callId)).toBe(2)
  })
  it('when an account is suspended, or deleted', async () => {
    const admin = await makePerson(world.deps, { role: 'admin' })
    const [one, two] = await Promise.all([makePair(world), makePair(world)])
    const [first, second] = await Promise.all([connect(one), connect(two)])
    await as(admin).patch(`/api/users/${one.asha.id}`, { status: 'suspended' })
    await as(two.ben).delete('/api/users/me', { password: two.ben.password })
    await world.drain()
    expect(await one.b.next('call:ended')).toMatchObject({ callId: first, reason: 'hangup' })
    expect(await two.a.next('call:ended')).toMatchObject({ callId: second, reason: 'hangup' })
    const { items } = (await as(two.asha).get('/api/calls')).body
    expect(items[0].with.name).toBe('Deleted user')
  })
})
