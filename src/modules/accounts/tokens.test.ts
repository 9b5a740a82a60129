import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createAccessTokens } from './access-tokens.ts'
import { makePerson } from './factory.ts'

const secrets = [
  'the first secret, which signs every access token',
  'the one before it, which still verifies the old ones',
]
let world: World
beforeAll(async () => {
  world = await createWorld({ config: { accessTokenSecrets: secrets } })
})
afterAll(() => world.close())

const statusOf = async (bearer: string) => (await world.client.as(bearer).get('/api/auth/sessions')).status
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function claims() {
  const person = await makePerson(world.deps)
  return { person, claims: { sub: person.id, role: person.role, sid: person.sessionId } }
}

describe('an access token', () => {
  it('200 until its very last moment, then 401', async () => {
    const { person } = await claims()
    world.clock.advance({ minutes: 14, seconds: 58 })
    expect(await statusOf(person.accessToken)).toBe(200)
    world.clock.advance({ seconds: 2 })
    expect(await statusOf(person.accessToken)).toBe(401)
  })
  it('200 when signed by another secret of the list, so that secrets can be changed', async () => {
    const { claims: who } = await claims()
    const old = createAccessTokens([secrets[1] ?? ''], 900)
    expect(await statusOf(old.issue(who, world.clock.now()).token)).toBe(200)
  })
  it('401 when signed by a secret that is not ours', async () => {
    const { claims: who } = await claims()
    const foreign = createAccessTokens(['a secret that this school has never had'], 900)
    expect(await statusOf(foreign.issue(who, world.clock.now()).token)).toBe(401)
  })
  it('401 when signed by a foreign secret under the name of ours', async () => {
    const { person, claims: who } = await claims()
    const [header] = person.accessToken.split('.')
    const exp = world.clock.now().getTime() / 1_000 + 900
    const signed = `${header}.${encode({ ...who, exp })}`
    const mac = createHmac('sha256', 'a secret that is not ours at all').update(signed).digest('base64url')
    expect(await statusOf(`${signed}.${mac}`)).toBe(401)
  })
  it('401 with a claim changed', async () => {
    const { person, claims: who } = await claims()
    const [header, , mac] = person.accessToken.split('.')
    const exp = Math.floor(world.clock.now().getTime() / 1_000) + 900
    expect(await statusOf(`${header}.${encode({ ...who, role: 'admin', exp })}.${mac}`)).toBe(401)
  })
  it.each(['none', 'None', 'HS512', 'RS256'])('401 with the algorithm %s in its header', async (alg) => {
    const { person, claims: who } = await claims()
    const { kid } = JSON.parse(Buffer.from(person.accessToken.split('.')[0] ?? '', 'base64url').toString())
    const exp = Math.floor(world.clock.now().getTime() / 1_000) + 900
    const signed = `${encode({ alg, typ: 'JWT', kid })}.${encode({ ...who, exp })}`
    const mac = createHmac('sha512', secrets[0] ?? '')
      .update(signed)
      .digest('base64url')
    expect(await statusOf(`${signed}.`)).toBe(401)
    expect(await statusOf(`${signed}.${mac}`)).toBe(401)
  })
  it.each(['x', 'a.b.c', '.', '..', `${'a'.repeat(4_000)}.b.c`])('401 for %s', async (bearer) => {
    expect(await statusOf(bearer)).toBe(401)
  })
})
