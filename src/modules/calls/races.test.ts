import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePair, type Pair, ring } from '../../../test/support/calls.ts'
import type { Device } from '../../../test/support/device.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeFriends } from '../friends/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const rounds = Array.from({ length: 50 }, (_, round) => round)

async function stateOf(callId: string): Promise<string> {
  const { rows } = await world.database.pool.query('select state from calls where id = $1', [callId])
  return rows[0].state
}

async function factsOf(callId: string): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `select type from events where payload ->> 'callId' = $1 order by id`,
    [callId],
  )
  return rows.map(({ type }) => type)
}

/** Live calls that a person is in: never more than one, whatever the rows of parties say. */
async function liveCallsOf(userId: string): Promise<number> {
  const { rows } = await world.database.pool.query(
    `select 1 from calls where state in ('ringing', 'active') and (caller_id = $1 or callee_id = $1)`,
    [userId],
  )
  return rows.length
}

const codesOf = (answers: { ok: boolean; code?: string }[]) =>
  answers.map(({ ok, code }) => (ok ? 'ok' : code)).sort()

describe('accepting on many devices at once', () => {
  it('is done by exactly one, and told once', async () => {
    const pair = await makePair(world)
    const devices = await Promise.all(Array.from({ length: 10 }, () => world.connect(pair.ben.accessToken)))
    for (let round = 0; round < 5; round++) {
      const callId = await ring(pair)
      const answers = await Promise.all(devices.map((device) => device.ask('call:accept', { callId })))
      expect(codesOf(answers)).toEqual([...Array(9).fill('call_taken'), 'ok'])
      expect(await factsOf(callId)).toEqual(['call.started', 'call.answered'])
      const winner = devices[answers.findIndex(({ ok }) => ok)]
      await pair.a.ask('call:signal', { callId, candidate: null })
      expect(await winner?.next('call:signal')).toEqual({ callId, candidate: null })
      await pair.a.ask('call:hangup', { callId })
    }
    await pair.a.settled()
    expect(pair.a.pushes.map(({ name }) => name)).toEqual(Array(5).fill('call:accepted'))
    for (const device of devices) await device.settled()
    const relayed = devices.flatMap(({ pushes }) => pushes.filter(({ name }) => name === 'call:signal'))
    expect(relayed).toHaveLength(5)
  })
})

describe('two people who call each other at once', () => {
  it('have one call, in 50 of 50 rounds: the later invitation accepts the earlier', async () => {
    const pair = await makePair(world)
    const { asha, ben, a, b } = pair
    const first: string[] = []
    for (const _round of rounds) {
      const answers = await Promise.all([
        a.ask('call:invite', { to: ben.id, media: 'audio' }),
        b.ask('call:invite', { to: asha.id, media: 'audio' }),
      ])
      const [one, other] = answers
      expect(answers).toMatchObject([{ ok: true }, { ok: true }])
      expect(one.callId).toBe(other.callId)
      expect([one.state, other.state].sort()).toEqual(['active', 'ringing'])
      expect(await stateOf(one.callId)).toBe('active')
      const caller = one.state === 'ringing' ? a : b
      first.push(caller === a ? 'a' : 'b')
      expect(await caller.next('call:accepted')).toMatchObject({ callId: one.callId })
      // They find each other: what the caller signals comes to the other.
      await caller.ask('call:signal', { callId: one.callId, candidate: null })
      await (caller === a ? b : a).next('call:signal')
      expect(await caller.ask('call:hangup', { callId: one.callId })).toMatchObject({ ok: true })
    }
    expect(first).toHaveLength(50)
    expect(await liveCallsOf(asha.id)).toBe(0)
  })
})

describe('of two things that race', () => {
  /** Each round on a new call; ends whatever is left of it. */
  async function race(
    pair: Pair,
    contenders: (callId: string) => [Promise<unknown>, Promise<unknown>],
    check: (callId: string, answers: unknown[]) => Promise<void>,
  ) {
    for (const _round of rounds) {
      const callId = await ring(pair)
      await check(callId, await Promise.all(contenders(callId)))
      await pair.a.ask('call:hangup', { callId })
    }
  }

  it('accept and decline on two devices: exactly one wins', async () => {
    const pair = await makePair(world)
    const tablet = await world.connect(pair.ben.accessToken)
    await race(
      pair,
      (callId) => [pair.b.ask('call:accept', { callId }), tablet.ask('call:decline', { callId })],
      async (callId, answers) => {
        const [accepted, declined] = answers as { ok: boolean; code?: string }[]
        expect(accepted?.ok).not.toBe(declined?.ok)
        expect(await stateOf(callId)).toBe(accepted?.ok ? 'active' : 'declined')
        expect(accepted?.ok ? declined?.code : accepted?.code).toBe(accepted?.ok ? 'call_taken' : 'call_over')
      },
    )
  })
  it('accept and giving up: a call that was accepted is ended, one that was not is missed', async () => {
    const pair = await makePair(world)
    await race(
      pair,
      (callId) => [pair.b.ask('call:accept', { callId }), pair.a.ask('call:hangup', { callId })],
      async (callId, answers) => {
        const [accepted, gaveUp] = answers as { ok: boolean }[]
        expect(gaveUp?.ok).toBe(true)
        expect(await stateOf(callId)).toBe(accepted?.ok ? 'ended' : 'cancelled')
        expect(await factsOf(callId)).toEqual(
          accepted?.ok ? ['call.started', 'call.answered', 'call.ended'] : ['call.started', 'call.missed'],
        )
      },
    )
  })
  it('accept and the end of the time: exactly one wins', async () => {
    const pair = await makePair(world)
    for (let round = 0; round < 10; round++) {
      const callId = await ring(pair)
      world.clock.advance({ seconds: 45 })
      const [accepted] = await Promise.all([pair.b.ask('call:accept', { callId }), world.drain()])
      expect(await stateOf(callId)).toBe(accepted.ok ? 'active' : 'missed')
      await pair.a.ask('call:hangup', { callId })
    }
  })
  it('hanging up on both sides: it is over once', async () => {
    const pair = await makePair(world)
    for (const _round of rounds) {
      const callId = await ring(pair)
      await pair.b.ask('call:accept', { callId })
      const answers = await Promise.all([pair.a, pair.b].map((side) => side.ask('call:hangup', { callId })))
      expect(codesOf(answers)).toEqual(['ok', 'ok'])
      expect(await factsOf(callId)).toEqual(['call.started', 'call.answered', 'call.ended'])
    }
  })
})

describe('of many who call each other at once', () => {
  it('each is in one call at most, and nobody waits for ever', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => makePerson(world.deps)))
    for (const [index, one] of people.entries())
      for (const other of people.slice(index + 1)) await makeFriends(world.deps, one, other)
    const phones = await Promise.all(people.map((person) => world.connect(person.accessToken)))
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(
        phones.flatMap((phone, index) =>
          [1, 2].map((step) =>
            phone.ask('call:invite', { to: people[(index + step) % people.length]?.id, media: 'audio' }),
          ),
        ),
      )
      for (const code of codesOf(answers)) expect(['ok', 'busy', 'already_in_call']).toContain(code)
      for (const { id } of people) expect(await liveCallsOf(id)).toBeLessThanOrEqual(1)
      await hangUpAll(phones, answers)
    }
  })
  it('one person is rung by one, the others are told that they are busy', async () => {
    const ben = await makePerson(world.deps)
    const callers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const person = await makePerson(world.deps)
        await makeFriends(world.deps, person, ben)
        return world.connect(person.accessToken)
      }),
    )
    const answers = await Promise.all(
      callers.map((caller) => caller.ask('call:invite', { to: ben.id, media: 'audio' })),
    )
    expect(codesOf(answers)).toEqual([...Array(7).fill('busy'), 'ok'])
    expect(await liveCallsOf(ben.id)).toBe(1)
  })

  async function hangUpAll(phones: Device[], answers: { ok: boolean; callId?: string }[]) {
    for (const { ok, callId } of answers)
      if (ok) await Promise.all(phones.map((phone) => phone.ask('call:hangup', { callId })))
  }
})
