import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import type { Device } from './device.ts'
import type { World } from './world.ts'

/** Two friends, each at a device. */
export interface Pair {
  readonly asha: Person
  readonly ben: Person
  /** Hers. */
  readonly a: Device
  /** His. */
  readonly b: Device
}

/** Makes two people who may call each other. */
export async function makePair(world: World): Promise<Pair> {
  const [asha, ben] = await Promise.all([
    makePerson(world.deps, { name: 'Asha' }),
    makePerson(world.deps, { name: 'Ben' }),
  ])
  await makeFriends(world.deps, asha, ben)
  const [a, b] = await Promise.all([world.connect(asha.accessToken), world.connect(ben.accessToken)])
  return { asha, ben, a, b }
}

/** Asha calls Ben. */
export async function ring({ a, ben }: Pair, media: 'audio' | 'video' = 'audio'): Promise<string> {
  const { ok, callId, code } = await a.ask('call:invite', { to: ben.id, media })
  if (!ok) throw new Error(`call:invite: ${code}`)
  return callId
}

/** Asha calls Ben, who takes it. */
export async function connect(pair: Pair): Promise<string> {
  const callId = await ring(pair)
  const { ok, code } = await pair.b.ask('call:accept', { callId })
  if (!ok) throw new Error(`call:accept: ${code}`)
  return callId
}
