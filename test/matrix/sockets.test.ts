import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modules } from '../../src/modules.ts'
import type { SocketRequest } from '../../src/platform/realtime/contract.ts'
import { sessionRenew } from '../../src/platform/realtime/session.ts'
import { createWorld, type World } from '../support/world.ts'
import { makeCast, makeScene, type Persona, personas } from './cast.ts'
import { promiseOf } from './promises.ts'
import { socketSamples } from './socket-samples.ts'

type Request = Pick<SocketRequest, 'name' | 'policy'>

const requests: Request[] = [sessionRenew, ...modules.flatMap(({ realtime }) => realtime?.requests ?? [])]
const refusedCodes = ['unauthenticated', 'forbidden', 'not_found']
let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The code of what comes back: `ok`, or that of the refusal. */
async function ask({ name }: Request, persona: Persona): Promise<string> {
  const sample = socketSamples[name]
  if (!sample) throw new Error(`${name} needs a sample in test/matrix/socket-samples.ts`)
  const cast = await makeCast(world)
  const token = persona === 'nobody' ? undefined : cast[persona].accessToken
  const device = await world.connect(token).catch((data: { code: string }) => data.code)
  if (typeof device === 'string') return device
  const reply = await device.ask(name, await sample(await makeScene(world, cast), device))
  device.close()
  return reply.ok ? 'ok' : reply.code
}

describe('the authorization matrix of requests over sockets', () => {
  it('holds in every cell: request by persona', { timeout: 400_000 }, async () => {
    const wrong: string[] = []
    for (const request of requests) {
      for (const persona of personas) {
        const { in: isIn } = promiseOf(request.policy, persona)
        const code = await ask(request, persona)
        const kept = isIn
          ? !refusedCodes.includes(code) && code !== 'internal_error'
          : refusedCodes.includes(code)
        if (!kept) wrong.push(`${request.name} ${persona}: wanted ${isIn ? 'in' : 'out'}, got ${code}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
