import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, makePair, ring } from '../../../test/support/calls.ts'
import type { Device } from '../../../test/support/device.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const offer = { type: 'offer', sdp: 'v=0\r\n' }
const candidate = {
  candidate: 'candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
}
const text = fc.string({ unit: 'binary', maxLength: 100 })
const rightSignal = fc.oneof(
  fc.record({
    description: fc.record({ type: fc.constantFrom('offer', 'answer', 'pranswer', 'rollback'), sdp: text }),
  }),
  fc.record({
    candidate: fc.option(
      fc.record(
        {
          candidate: text,
          sdpMid: fc.option(fc.string({ maxLength: 30 })),
          sdpMLineIndex: fc.option(fc.nat(65_535)),
          usernameFragment: fc.option(text),
        },
        { requiredKeys: ['candidate'] },
      ),
    ),
  }),
)
const wrongSignal = fc.record(
  { callId: fc.jsonValue(), description: fc.jsonValue(), candidate: fc.jsonValue(), more: fc.jsonValue() },
  { requiredKeys: [] },
)
const namesAt = (device: Device) => device.pushes.map(({ name }) => name)

describe('call:signal', () => {
  it('goes to the device that takes part and to no other, in order, by one read and no write', async () => {
    const pair = await makePair(world)
    const { a, b, asha, ben } = pair
    const [tablet, laptop] = await Promise.all([ben, asha].map((who) => world.connect(who.accessToken)))
    const callId = await connect(pair)
    world.statements.length = 0
    const signals = [
      { description: offer },
      { candidate },
      { candidate: { candidate: '' } },
      { candidate: null },
    ]
    for (const signal of signals)
      expect(await a.ask('call:signal', { callId, ...signal })).toEqual({ ok: true })
    for (const signal of signals) expect(await b.next('call:signal')).toEqual({ callId, ...signal })
    expect(world.statements).toHaveLength(signals.length)
    expect(world.statements.filter((text) => !/^\s*select/.test(text))).toEqual([])
    await b.ask('call:signal', { callId, description: { type: 'answer', sdp: 'v=0\r\n' } })
    expect(await a.next('call:signal')).toMatchObject({ description: { type: 'answer' } })
    await Promise.all([tablet?.settled(), laptop?.settled()])
    for (const other of [tablet, laptop]) expect(other && namesAt(other)).not.toContain('call:signal')
  })
  it('not_found: for a third person, and a call that never was, word for word the same', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    const third = await world.connect((await makePerson(world.deps)).accessToken)
    const refused = await third.ask('call:signal', { callId, candidate })
    expect(refused).toMatchObject({ ok: false, code: 'not_found' })
    expect(await third.ask('call:signal', { callId: newId(), candidate })).toEqual(refused)
    await Promise.all([pair.a.settled(), pair.b.settled()])
    expect([...namesAt(pair.a), ...namesAt(pair.b)]).not.toContain('call:signal')
  })
  it('call_taken: from a device of one of them that takes no part', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    for (const who of [pair.asha, pair.ben]) {
      const device = await world.connect(who.accessToken)
      expect(await device.ask('call:signal', { callId, candidate })).toMatchObject({ code: 'call_taken' })
    }
  })
  it('call_not_active: while it rings, from either side; not_found: when it is over', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    for (const side of [pair.a, pair.b])
      expect(await side.ask('call:signal', { callId, description: offer })).toMatchObject({
        code: 'call_not_active',
      })
    await pair.b.ask('call:accept', { callId })
    await pair.a.ask('call:hangup', { callId })
    expect(await pair.a.ask('call:signal', { callId, candidate })).toMatchObject({ code: 'not_found' })
  })
  it.each<[string, object]>([
    ['neither', {}],
    ['both', { description: offer, candidate }],
    ['no type', { description: { sdp: '' } }],
    ['another type', { description: { type: 'bid', sdp: '' } }],
    ['a description over 32 kB', { description: { type: 'offer', sdp: 'x'.repeat(32_769) } }],
    ['a candidate over 2 kB', { candidate: { candidate: 'x'.repeat(2_049) } }],
    ['a negative line', { candidate: { candidate: '', sdpMLineIndex: -1 } }],
    ['a field of its own', { candidate: { candidate: '', token: 'x' } }],
    ['a null description', { description: null }],
    ['a text', { candidate: 'candidate:1' }],
  ])('validation_failed, and nothing is relayed: %s', async (_what, signal) => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    expect(await pair.a.ask('call:signal', { callId, ...signal })).toMatchObject({
      code: 'validation_failed',
    })
    await pair.b.settled()
    expect(namesAt(pair.b)).not.toContain('call:signal')
  })
  it('takes a description of 32 kB', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    const description = { type: 'offer', sdp: 'x'.repeat(32_768) }
    expect(await pair.a.ask('call:signal', { callId, description })).toEqual({ ok: true })
    expect(await pair.b.next('call:signal')).toEqual({ callId, description })
  })
  it('whatever is sent is relayed as it is or refused for a reason, never an internal error', async () => {
    // Drawn before anybody connects: it keeps the process busy for longer than a connection may be silent.
    const drawn = [...fc.sample(rightSignal, 75), ...fc.sample(wrongSignal, 75)]
    const pair = await makePair(world)
    const callId = await connect(pair)
    for (const parts of drawn) {
      const signal = { callId, ...parts }
      const answer = await pair.a.ask('call:signal', signal)
      if (answer.ok) expect(await pair.b.next('call:signal')).toEqual(signal)
      else expect(['validation_failed', 'not_found'], JSON.stringify(signal)).toContain(answer.code)
    }
    expect(await pair.a.ask('call:hangup', { callId })).toEqual({ ok: true })
  })
})

describe('call:resume', () => {
  it('puts a device in the place of the one before, which is told where it still listens', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    const tablet = await world.connect(pair.ben.accessToken)
    expect(await tablet.ask('call:resume', { callId })).toEqual({
      ok: true,
      callId,
      state: 'active',
      media: 'audio',
    })
    expect(await pair.b.next('call:ended')).toMatchObject({ callId, reason: 'moved' })
    await pair.a.ask('call:signal', { callId, candidate })
    expect(await tablet.next('call:signal')).toEqual({ callId, candidate })
    expect(await pair.b.ask('call:signal', { callId, candidate })).toMatchObject({ code: 'call_taken' })
    expect(await tablet.ask('call:resume', { callId })).toMatchObject({ ok: true })
    await tablet.settled()
    expect(namesAt(tablet)).toEqual(['call:signal'])
  })
  it('works for the caller while it rings; call_not_active: for who is called', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    const laptop = await world.connect(pair.asha.accessToken)
    expect(await pair.b.ask('call:resume', { callId })).toMatchObject({ code: 'call_not_active' })
    expect(await laptop.ask('call:resume', { callId })).toMatchObject({ ok: true, state: 'ringing' })
    await pair.b.ask('call:accept', { callId })
    await pair.b.ask('call:signal', { callId, candidate })
    expect(await laptop.next('call:signal')).toEqual({ callId, candidate })
  })
  it('not_found: for a third person; call_over: when it is over', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    const third = await world.connect((await makePerson(world.deps)).accessToken)
    expect(await third.ask('call:resume', { callId })).toMatchObject({ code: 'not_found' })
    await pair.a.ask('call:hangup', { callId })
    expect(await pair.a.ask('call:resume', { callId })).toMatchObject({ code: 'call_over' })
  })
})
