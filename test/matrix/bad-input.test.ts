import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modules } from '../../src/modules.ts'
import { describedApi } from '../../src/platform/http/openapi.ts'
import type { RoutePolicy } from '../../src/platform/http/policy.ts'
import { type ModelServer, openModelServer } from '../support/model-server.ts'
import { createWorld, type World } from '../support/world.ts'
import { ask, nameOf, sampleFor } from './ask.ts'
import { makeCast, makeScene, type Persona } from './cast.ts'
import { nearly, requestLike } from './junk.ts'
import { promiseOf } from './promises.ts'
import { socketSamples } from './socket-samples.ts'

/** Of each route and request; FUZZ_RUNS=200 looks harder. */
const runs = Number(process.env.FUZZ_RUNS ?? 4)

let world: World
let model: ModelServer
let digest: () => Promise<string>
beforeAll(async () => {
  model = await openModelServer()
  const razorpay = { keyId: 'rzp_test_1', keySecret: 'k', webhookSecret: 'w', apiBase: 'http://127.0.0.1:9' }
  world = await createWorld({ config: { razorpay }, env: model.env })
  digest = await digestOf(world)
})
afterAll(async () => {
  await world.close()
  await model.close()
})

/** All that the school holds, as one short text. */
async function digestOf({ database: { pool } }: World): Promise<() => Promise<string>> {
  const { rows } = await pool.query(`select tablename from pg_tables where schemaname = 'public'`)
  const parts = (rows as { tablename: string }[]).map(
    ({ tablename }) =>
      `(select md5(coalesce(string_agg(md5(t::text), '' order by t::text), '')) from "${tablename}" t)`,
  )
  const statement = `select md5(concat(${parts.join(', ')})) as all`
  let known = { transactions: '', digest: '' }
  return async () => {
    // What writes nothing takes no number, and there is no need to look at everything.
    const { rows } = await pool.query('select pg_snapshot_xmax(pg_current_snapshot())::text as transactions')
    const [{ transactions }] = rows as [{ transactions: string }]
    if (transactions !== known.transactions)
      known = { transactions, digest: (await pool.query(statement)).rows[0].all }
    return known.digest
  }
}

const inOrder: Persona[] = ['student', 'instructor', 'parent', 'admin']
const whoIsIn = ({ policy }: Pick<RoutePolicy, 'policy'>) =>
  inOrder.find((persona) => promiseOf(policy, persona).in) ?? 'admin'

type Parameter = { readonly in: string; readonly name: string }

/** The names of the fields of a route's query, as the reference has them. */
function queriesOf({ method, url }: RoutePolicy, paths: object): string[] {
  const operations = (paths as Record<string, Record<string, { parameters?: Parameter[] }>>)[
    url.replace(/:(\w+)/g, '{$1}')
  ]
  const parameters = operations?.[method.toLowerCase()]?.parameters ?? []
  return parameters.flatMap((parameter) => (parameter.in === 'query' ? [parameter.name] : []))
}

describe('whatever is sent', () => {
  it('to a route: taken, or refused with a problem that changes nothing; never a 500', {
    timeout: 240_000,
  }, async () => {
    const { paths } = describedApi(world.app) as { paths: object }
    const wrong: string[] = []
    let shared = await makeCast(world)
    // An answer to HEAD has no problem in it: those are looked at in src/modules/media/bad-input.test.ts.
    const routes = world.app.policies.filter(({ hidden, method }) => !hidden && method !== 'HEAD')
    for (const route of routes) {
      // What ends an account or a session ends it for the others, too.
      if (/^\/api\/(auth|users|children)/.test(route.url)) shared = await makeCast(world)
      const cast = shared
      const persona = whoIsIn(route)
      const right = await sampleFor(world, route, cast)
      let before = await digest()
      const property = fc.asyncProperty(
        requestLike(right, route.method, queriesOf(route, paths)),
        async (sample) => {
          const { status, body } = await ask(world, route, { persona, cast, sample })
          const after = await digest()
          const changed = after !== before
          before = after
          if (status < 400) return
          const code = typeof body === 'string' ? JSON.parse(body).code : body?.code
          // A 502 keeps what was written before the gateway, which is nobody here, was asked.
          const kept = status === 502 ? changed : false
          expect({ status, code, changed }).toEqual({ status, code: expect.any(String), changed: kept })
          expect(code).not.toBe('internal_error')
        },
      )
      const { failed, counterexample, seed, errorInstance } = await fc.check(property, { numRuns: runs })
      if (failed)
        wrong.push(
          `${nameOf(route)} (seed ${seed}): ${fc.stringify(counterexample)} ${String(errorInstance).slice(0, 400)}`,
        )
      if (/^\/api\/(auth|users|children)/.test(route.url)) shared = await makeCast(world)
    }
    expect(wrong).toEqual([])
  })

  it('to a page: served, or refused; never a 500', { timeout: 60_000 }, async () => {
    const pages = world.app.policies.filter(({ hidden, method }) => hidden && method === 'GET')
    expect(pages.length).toBeGreaterThan(5)
    const said = fc
      .string({ unit: 'binary', maxLength: 40 })
      .map((some) => encodeURIComponent(some.toWellFormed()))
    const property = fc.asyncProperty(
      fc.constantFrom(...pages.map(({ url }) => url)),
      fc.array(said, { minLength: 3, maxLength: 3 }),
      async (url, [first = '', second = '', third = '']) => {
        const path = url.replace(/:\w+|\*/, first || 'x').replaceAll(/:\w+/g, second || 'y')
        const { status } = await world.client.get(`${path}?token=${third}`)
        expect({ path, fine: status < 500 }).toEqual({ path, fine: true })
      },
    )
    await fc.assert(property, { numRuns: 30 * runs })
  })

  it('as a bearer: 401 unauthenticated', { timeout: 60_000 }, async () => {
    const { accessToken } = (await makeCast(world)).admin
    const [head = '', claims = '', mac = ''] = accessToken.split('.')
    const text = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url')
    const asOurs = JSON.parse(Buffer.from(head, 'base64url').toString())
    const header = fc.oneof(
      nearly(asOurs).map(text),
      fc.constantFrom('none', 'HS512', 'RS256', 'ES256').map((alg) => text({ ...asOurs, alg })),
      fc.constant(head),
    )
    const bearer = fc
      .tuple(
        header,
        fc.oneof(nearly(JSON.parse(Buffer.from(claims, 'base64url').toString())).map(text)),
        fc.constantFrom(mac, '', 'AAAA'),
      )
      .map((parts) => parts.join('.'))
      .filter((token) => token !== accessToken)
    let asked = 0
    const property = fc.asyncProperty(
      fc.oneof(bearer, fc.string({ unit: 'grapheme-ascii' })),
      async (token) => {
        // Of so many from one address the rest of a minute would be 429.
        if (++asked % 250 === 0) world.clock.advance({ minutes: 1 })
        const answer = await world.client.get('/api/users', {
          headers: { authorization: `Bearer ${token.trim()}` },
        })
        expect({ status: answer.status, code: answer.body.code }).toEqual({
          status: 401,
          code: 'unauthenticated',
        })
      },
    )
    await fc.assert(property, { numRuns: 30 * runs })
  })

  it('over a socket: taken, or refused by a code that changes nothing; never an internal_error', {
    timeout: 120_000,
  }, async () => {
    const wrong: string[] = []
    for (const request of modules.flatMap(({ realtime }) => realtime?.requests ?? [])) {
      const cast = await makeCast(world)
      const persona = whoIsIn(request)
      // Left open, like those of the scene: when somebody is gone, that is written down a moment later.
      const device = await world.connect(cast[persona as 'student'].accessToken)
      const right = await socketSamples[request.name]?.(await makeScene(world, cast), device)
      let before = await digest()
      const property = fc.asyncProperty(nearly(right), async (input) => {
        const reply = await device.ask(request.name, input)
        const after = await digest()
        const changed = after !== before
        before = after
        if (!reply.ok) expect({ code: reply.code, changed }).toEqual({ code: reply.code, changed: false })
        expect(reply.code).not.toBe('internal_error')
      })
      const { failed, counterexample, seed, errorInstance } = await fc.check(property, { numRuns: 2 * runs })
      if (failed)
        wrong.push(
          `${request.name} (seed ${seed}): ${fc.stringify(counterexample)} ${String(errorInstance).slice(0, 300)}`,
        )
    }
    expect(wrong).toEqual([])
  })
})
