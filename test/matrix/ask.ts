import type { RoutePolicy } from '../../src/platform/http/policy.ts'
import type { Answer, Client } from '../support/http.ts'
import type { World } from '../support/world.ts'
import { type Cast, makeScene, type Persona, type Sample } from './cast.ts'
import { samples } from './samples.ts'

export const nameOf = ({ method, url }: RoutePolicy) => `${method} ${url}`

/** A request that the route takes, of a scene of its own. */
export async function sampleFor(world: World, route: RoutePolicy, cast: Cast): Promise<Sample> {
  return (await samples[nameOf(route)]?.(await makeScene(world, cast))) ?? {}
}

export function ask(
  world: World,
  route: RoutePolicy,
  { persona, cast, sample }: { persona: Persona; cast: Cast; sample: Sample },
): Promise<Answer> {
  const { params = {}, query, body, headers = {} } = sample
  const resource = route.url.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined)
      throw new Error(`${nameOf(route)} needs a sample of ${name} in test/matrix/samples.ts`)
    return value
  })
  const path = query ? `${resource}?${new URLSearchParams(query)}` : resource
  const client = persona === 'nobody' ? world.client : world.client.as(cast[persona].accessToken)
  const method = route.method.toLowerCase() as 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete'
  return method === 'get' || method === 'head'
    ? client[method](path, { headers })
    : (client[method] as Client['post'])(path, body, { headers })
}
