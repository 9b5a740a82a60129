import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { BlockList, isIPv6 } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeIceServers } from './ice-servers.ts'

const ice = {
  stunUrls: ['stun:turn.school.example:3478'],
  turn: {
    urls: ['turn:turn.school.example:3478?transport=udp', 'turns:turn.school.example:5349?transport=tcp'],
    secret: 'north',
  },
}

let world: World
beforeAll(async () => {
  world = await createWorld({ config: { ice } })
})
afterAll(() => world.close())

describe('GET /calls/ice-servers', () => {
  it('200: STUN, and TURN with a credential that coturn can check by the shared secret; no SQL', async () => {
    const person = await makePerson(world.deps)
    world.statements.length = 0
    const { status, body } = await world.client.as(person.accessToken).get('/api/calls/ice-servers')
    expect(status).toBe(200)
    expect(world.statements).toEqual([])
    const expiry = Math.floor(Date.parse(body.expiresAt) / 1_000)
    const username = `${expiry}:${person.id}`
    expect(body.iceServers).toEqual([
      { urls: ['stun:turn.school.example:3478'] },
      {
        urls: ['turn:turn.school.example:3478?transport=udp', 'turns:turn.school.example:5349?transport=tcp'],
        username,
        credential: createHmac('sha1', 'north').update(username).digest('base64'),
      },
    ])
    expect(Date.parse(body.expiresAt) - world.clock.now().getTime()).toBe(12 * 3_600_000)
  })
  it('401: for nobody; 400: unknown query fields', async () => {
    expect((await world.client.get('/api/calls/ice-servers')).status).toBe(401)
    const { accessToken } = await makePerson(world.deps)
    expect((await world.client.as(accessToken).get('/api/calls/ice-servers?ttl=9')).status).toBe(400)
  })
  it.each([
    [{ stunUrls: ['stun:s.example'], turn: null }, [{ urls: ['stun:s.example'] }]],
    [{ stunUrls: [], turn: null }, []],
  ])('only what is configured: %j', (ice, iceServers) => {
    expect(makeIceServers(ice, { userId: 'asha', at: world.clock.now() }).iceServers).toEqual(iceServers)
  })
})

describe('the coturn of docs/calls.md', () => {
  it.each([
    ['10.1.2.3'],
    ['172.31.0.1'],
    ['192.168.1.1'],
    ['100.64.0.1'],
    // where clouds give a machine's own keys
    ['169.254.169.254'],
    ['fd00::1'],
    ['fe80::1'],
  ])('relays nothing to %s, and nothing over TCP', async (address) => {
    const text = await readFile(join(import.meta.dirname, '../../../docs/calls.md'), 'utf8')
    const denied = new BlockList()
    for (const [, from = '', to = ''] of text.matchAll(/^denied-peer-ip=(.+)-(.+)$/gm))
      denied.addRange(from, to, isIPv6(from) ? 'ipv6' : 'ipv4')
    expect(denied.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')).toBe(true)
    expect(denied.check('203.0.113.7')).toBe(false)
    expect(text).toMatch(/^no-tcp-relay$/m)
  })
})
