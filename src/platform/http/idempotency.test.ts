import { sql } from 'kysely'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, httpClient } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../../modules/accounts/factory.ts'
import { createAuthenticate } from '../../modules/accounts/index.ts'
import type { App } from './app.ts'
import { actorOf } from './guard.ts'
import { transactOnce } from './idempotency.ts'
import { signedIn } from './policy.ts'
import { badField } from './refusal.ts'
import { Closed } from './schemas.ts'
import { createHttp } from './server.ts'

let world: World
let app: App
let client: Client
let other: Client

beforeAll(async () => {
  world = await createWorld()
  await world.database.pool.query('create table orders (id int generated always as identity, what text)')
  app = await createHttp(world.deps, createAuthenticate(world.deps))
  app.post(
    '/orders',
    {
      config: { policy: signedIn },
      schema: {
        body: Closed({ what: Type.String() }),
        response: { 201: Type.Object({ id: Type.Integer() }) },
      },
    },
    (request, reply) =>
      transactOnce(world.deps.transact, actorOf(request), request, reply, async (tx) => {
        const { rows } = await sql<{
          id: number
        }>`insert into orders (what) values (${request.body.what}) returning id`.execute(tx)
        if (request.body.what === 'nothing') throw badField('/what', 'must be something')
        return { status: 201, body: { id: rows[0]?.id ?? 0 } }
      }),
  )
  const open = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
  client = open.as((await makePerson(world.deps)).accessToken)
  other = open.as((await makePerson(world.deps)).accessToken)
})
afterAll(async () => {
  await app.close()
  await world.close()
})
beforeEach(() => world.database.pool.query('delete from orders'))

const order = (who: Client, what: string, key?: string) =>
  who.post('/orders', { what }, key ? { headers: { 'idempotency-key': key } } : {})
const orders = async () => (await world.database.pool.query('select what from orders')).rowCount

describe('Idempotency-Key', () => {
  it('the same key and body get the first answer, and nothing happens twice', async () => {
    const first = await order(client, 'book', 'k1')
    const again = await order(client, 'book', 'k1')
    expect(again).toMatchObject({ status: 201, body: first.body })
    expect(await orders()).toBe(1)
  })
  it('twenty at the same moment make one, and all get the same answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(client, 'pen', 'k2')))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
    expect(await orders()).toBe(1)
  })
  it('409 idempotency_mismatch for another body', async () => {
    await order(client, 'ink', 'k3')
    expect(await order(client, 'quill', 'k3')).toMatchObject({
      status: 409,
      body: { code: 'idempotency_mismatch' },
    })
    expect(await orders()).toBe(1)
  })
  it('belongs to the person: another one may use the same words', async () => {
    await order(client, 'map', 'k4')
    expect((await order(other, 'map', 'k4')).status).toBe(201)
    expect(await orders()).toBe(2)
  })
  it('a refusal is not kept, and changes nothing', async () => {
    expect((await order(client, 'nothing', 'k5')).status).toBe(400)
    expect(await orders()).toBe(0)
    expect((await order(client, 'nothing', 'k5')).status).toBe(400)
  })
  it('without the header every request counts', async () => {
    await Promise.all([order(client, 'cup'), order(client, 'cup')])
    expect(await orders()).toBe(2)
  })
  it('400: a key of more than 255 characters', async () => {
    expect(await order(client, 'cup', 'x'.repeat(256))).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/Idempotency-Key' }] },
    })
  })
})
