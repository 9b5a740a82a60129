import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connect, makePair, type Pair, ring } from '../../../test/support/calls.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Person } from '../accounts/factory.ts'
import { beat } from './device-realtime.ts'
import { endAbandoned } from './queued.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function stateOf(callId: string) {
  const { rows } = await world.database.pool.query('select state, end_reason from calls where id = $1', [
    callId,
  ])
  return rows[0]
}

/** As a node does every five seconds. */
async function pass(seconds: number) {
  world.clock.advance({ seconds })
  await beat(world.deps)
  await world.drain()
}

/** Their device vanishes, and the server has noticed. */
async function lose(pair: Pair, side: 'a' | 'b', person: Person) {
  pair[side].close()
  await vi.waitFor(() => expect(world.deps.sockets.devicesOf(person.id)).toEqual([]), 10_000)
}

/** What the schedule does every minute. */
async function sweep() {
  await world.database.pool.query('select graphile_worker.add_job($1)', [endAbandoned.name])
  await world.drain()
}

describe('a device in a call that vanishes', () => {
  it.each(['a', 'b'] as const)(
    'ends the call when it is gone for 20 seconds, and no sooner: %s',
    async (side) => {
      const pair = await makePair(world)
      const callId = await connect(pair)
      await lose(pair, side, side === 'a' ? pair.asha : pair.ben)
      await pass(5)
      await pass(14)
      expect(await stateOf(callId)).toEqual({ state: 'active', end_reason: null })
      await pass(6)
      expect(await stateOf(callId)).toEqual({ state: 'ended', end_reason: 'lost' })
      const left = side === 'a' ? pair.b : pair.a
      expect(await left.next('call:ended')).toEqual({ callId, reason: 'lost', durationSeconds: 25 })
    },
  )
  it('ends nothing when another has taken its place in time', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    await lose(pair, 'b', pair.ben)
    await pass(5)
    const again = await world.connect(pair.ben.accessToken)
    world.clock.advance({ seconds: 10 })
    expect(await again.ask('call:resume', { callId })).toMatchObject({ ok: true })
    await pass(10)
    await pass(5)
    expect(await stateOf(callId)).toMatchObject({ state: 'active' })
  })
  it('gives up calling, where it was the device that called', async () => {
    const pair = await makePair(world)
    const callId = await ring(pair)
    await lose(pair, 'a', pair.asha)
    await pass(5)
    await pass(20)
    expect(await stateOf(callId)).toEqual({ state: 'cancelled', end_reason: 'lost' })
    expect(await pair.b.next('call:ended')).toMatchObject({ callId, reason: 'lost' })
  })
  it('and does not when another device of the called person does', async () => {
    const pair = await makePair(world)
    const tablet = await world.connect(pair.ben.accessToken)
    const callId = await connect(pair)
    tablet.close()
    await vi.waitFor(() => expect(world.deps.sockets.devicesOf(pair.ben.id)).toHaveLength(1), 10_000)
    await pass(5)
    await pass(25)
    expect(await stateOf(callId)).toMatchObject({ state: 'active' })
  })
})

describe('a call that is looked after', () => {
  it('goes on for as long as both are there: one statement a beat, and none when it is over', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    world.statements.length = 0
    await beat(world.deps)
    expect(new Set(world.statements)).toEqual(
      new Set(['begin', 'commit', expect.stringContaining('seen_at')]),
    )
    for (let beats = 0; beats < 5; beats++) await pass(20)
    expect(await stateOf(callId)).toMatchObject({ state: 'active' })
    await sweep()
    expect(await stateOf(callId)).toMatchObject({ state: 'active' })
    await endAll()
    await beat(world.deps)
    world.statements.length = 0
    await beat(world.deps)
    expect(world.statements).toEqual([])
  })
  it('ends when its node was killed: nobody has said for a minute that its devices are there', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    await moveToDeadNode(callId)
    world.clock.advance({ seconds: 59 })
    await sweep()
    expect(await stateOf(callId)).toMatchObject({ state: 'active' })
    world.clock.advance({ seconds: 1 })
    await sweep()
    expect(await stateOf(callId)).toEqual({ state: 'ended', end_reason: 'lost' })
    expect(await pair.a.next('call:ended')).toMatchObject({ callId, reason: 'lost' })
  })
  it('ends after twelve hours', async () => {
    const pair = await makePair(world)
    const callId = await connect(pair)
    world.clock.advance({ hours: 12 })
    await beat(world.deps)
    await sweep()
    expect(await stateOf(callId)).toEqual({ state: 'ended', end_reason: 'too_long' })
  })

  /** Its devices are such as this node has not. */
  async function moveToDeadNode(callId: string) {
    await world.database.pool.query(
      `update call_parties set socket_id = 'dead ' || socket_id where call_id = $1`,
      [callId],
    )
  }
  async function endAll() {
    await world.database.pool.query('delete from call_parties')
  }
})
