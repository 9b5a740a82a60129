import type { Device } from '../../../test/support/device.ts'
import type { World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeFriends } from '../friends/factory.ts'

/** Two friends, each at a device. */
export interface Pair {
  readonly asha: Person
  readonly ben: Person
  /** Hers. */
  readonly a: Device
  /** His. */
  readonly b: Device
}

/** For tests: two people who may call each other. */
export async function makePair(world: World): Promise<Pair> {
  const [asha, ben] = await Promise.all([
    makePerson(world.deps, { name: 'Asha' }),
    makePerson(world.deps, { name: 'Ben' }),
  ])
  await makeFriends(world.deps, asha, ben)
  const [a, b] = await Promise.all([world.connect(asha.accessToken), world.connect(ben.accessToken)])
  return { asha, ben, a, b }
}

/** For tests: Asha calls Ben. */
export async function ring({ a, ben }: Pair, media: 'audio' | 'video' = 'audio'): Promise<string> {
  const { ok, callId, code } = await a.ask('call:invite', { to: ben.id, media })
  if (!ok) throw new Error(`call:invite: ${code}`)
  return callId
}

/** For tests: Asha calls Ben, who takes it. */
export async function connect(pair: Pair): Promise<string> {
  const callId = await ring(pair)
  const { ok, code } = await pair.b.ask('call:accept', { callId })
  if (!ok) throw new Error(`call:accept: ${code}`)
  return callId
}
