import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../support/world.ts'
import { ask, nameOf, sampleFor } from './ask.ts'
import { type Cast, makeCast } from './cast.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await makeCast(world)
})
afterAll(() => world.close())

/** Routes by which an admin changes nothing: why. */
const exceptions: Readonly<Record<string, string>> = {
  'POST /api/ai/quiz': 'drafts what nobody has saved',
  'POST /api/ai/summarize': 'reads a lesson',
  'POST /api/ai/feedback': 'reads the figures of a course',
}

it('an admin who does what only admins, or owners and admins, may do leaves an entry of the audit log', {
  timeout: 400_000,
}, async () => {
  const routes = world.app.policies.filter(
    (route) =>
      route.method !== 'GET' &&
      !route.hidden &&
      /\b(admin|owner)\b/.test(route.policy.who) &&
      !(nameOf(route) in exceptions),
  )
  expect(routes.length).toBeGreaterThan(30)
  const wrong: string[] = []
  for (const route of routes) {
    const name = nameOf(route)
    const sample = await sampleFor(world, route, cast)
    const { status, body, headers } = await ask(world, route, { persona: 'admin', cast, sample })
    if (status >= 300) wrong.push(`${name}: the sample is refused, ${status} ${JSON.stringify(body)}`)
    const { rows } = await world.database.pool.query(
      'select type from events where audited and user_id = $1 and request_id = $2 and actor_role = $3',
      [cast.admin.id, headers.get('x-request-id'), 'admin'],
    )
    if (rows.length === 0) wrong.push(`${name}: leaves no entry`)
  }
  expect(wrong).toEqual([])
})

it('names no exception that is no route', () => {
  const names = world.app.policies.map(nameOf)
  expect(Object.keys(exceptions).filter((name) => !names.includes(name))).toEqual([])
})
