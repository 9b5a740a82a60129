import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoutePolicy } from '../../src/platform/http/policy.ts'
import { type ModelServer, openModelServer } from '../support/model-server.ts'
import { createWorld, type World } from '../support/world.ts'
import { ask, nameOf, sampleFor } from './ask.ts'
import { type Cast, makeCast, type Persona, personas } from './cast.ts'
import { promiseOf } from './promises.ts'

const world: { current?: World; model?: ModelServer } = {}
const here = () => {
  if (!world.current) throw new Error('the world is not there yet')
  return world.current
}

beforeAll(async () => {
  // Configured, so that what needs it is refused for other reasons; its address is nobody's.
  const razorpay = { keyId: 'rzp_test_1', keySecret: 'k', webhookSecret: 'w', apiBase: 'http://127.0.0.1:9' }
  world.model = await openModelServer()
  world.current = await createWorld({ config: { razorpay }, env: world.model.env })
})
afterAll(async () => {
  await here().close()
  await world.model?.close()
})

const sampleOf = (route: RoutePolicy, cast: Cast) => sampleFor(here(), route, cast)

describe('the authorization matrix', () => {
  it('has a policy for every route, and a word in it for everybody', () => {
    const { policies } = here().app
    expect(policies.length).toBeGreaterThan(50)
    for (const route of policies)
      for (const persona of personas) expect(() => promiseOf(route.policy, persona)).not.toThrow()
  })

  it('holds in every cell: route by persona', { timeout: 900_000 }, async () => {
    const routes = here().app.policies.filter(({ hidden }) => !hidden)
    const wrong: string[] = []
    for (const route of routes) {
      const cast = await makeCast(here())
      // Those who are let in last: they may end what the others are to be refused. The student at the very end: every scene needs
      // one, and may end with their account.
      const turnOf = (persona: Persona) =>
        Number(promiseOf(route.policy, persona).in) * 2 + Number(persona === 'student')
      const order = personas.toSorted((a, b) => turnOf(a) - turnOf(b))
      // Who is refused changes nothing, so one scene does for all of them.
      const untouched = await sampleOf(route, cast)
      for (const persona of order) {
        const promise = promiseOf(route.policy, persona)
        const sample = promise.in ? await sampleOf(route, cast) : untouched
        const { status, body } = await ask(here(), route, { persona, cast, sample })
        const refused = status === 401 || status === 403 || status === 404
        const kept = promise.in ? !refused && status < 500 : promise.statuses.includes(status)
        if (!kept) {
          const wanted = promise.in ? 'in' : promise.statuses.join(' or ')
          wrong.push(
            `${nameOf(route)} ${persona}: wanted ${wanted}, got ${status} ${JSON.stringify(body)?.slice(0, 120)}`,
          )
        }
      }
    }
    expect(wrong).toEqual([])
  })
})
