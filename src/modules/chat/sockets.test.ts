import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chatter, makeChatter, makeChatters } from '../../../test/support/chatters.ts'
import type { Device } from '../../../test/support/device.ts'
import { makeMediaRow } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const deviceOf = ({ person }: Chatter) => world.connect(person.accessToken)
const namesAt = ({ pushes }: Device) => pushes.map(({ name }) => name)

/** Asha with phone and laptop, Ben with phone and laptop. */
async function fourDevices() {
  const [asha, ben] = await makeChatters(world)
  const [phone, laptop, bens, bensLaptop] = await Promise.all([asha, asha, ben, ben].map(deviceOf))
  if (!phone || !laptop || !bens || !bensLaptop) throw new Error('a device is missing')
  return { asha, ben, phone, laptop, bens, bensLaptop, all: [phone, laptop, bens, bensLaptop] }
}

describe('chat:send', () => {
  it('is acknowledged with the message, stored, and pushed to every device of both but the sending one', async () => {
    const { asha, ben, phone, laptop, bens, bensLaptop } = await fourDevices()
    const { ok, message } = await phone.ask('chat:send', { to: ben.id, text: 'Hello', clientId: 'c-1' })
    expect(ok).toBe(true)
    expect(message).toMatchObject({ sequence: 1, from: asha.id, to: ben.id, text: 'Hello', clientId: 'c-1' })
    for (const device of [laptop, bens, bensLaptop])
      expect(await device.next('chat:message')).toEqual(message)
    await phone.settled()
    expect(namesAt(phone)).toEqual([])
    expect((await ben.history(asha)).body.items).toEqual([message])
  })
  it('sent again under its clientId is the same message, and pushed again', async () => {
    const { ben, phone, laptop, bens } = await fourDevices()
    const said = { to: ben.id, text: 'Hello', clientId: 'c-1' }
    const { message } = await phone.ask('chat:send', said)
    expect((await laptop.ask('chat:send', said)).message).toEqual(message)
    for (let n = 0; n < 2; n++) expect(await bens.next('chat:message')).toEqual(message)
    const other = await phone.ask('chat:send', { ...said, text: 'Bye' })
    expect(other).toMatchObject({ ok: false, code: 'idempotency_mismatch' })
  })
  it('of a message sent by HTTP: every device of both gets it', async () => {
    const { asha, ben, all } = await fourDevices()
    const { body } = await asha.say(ben, 'By HTTP')
    for (const device of all) expect(await device.next('chat:message')).toEqual(body)
  })
  it('carries files', async () => {
    const { asha, ben, phone, bens } = await fourDevices()
    const mediaId = await makeMediaRow(world, asha)
    expect(await phone.ask('chat:send', { to: ben.id, mediaId, clientId: 'c-1' })).toMatchObject({ ok: true })
    expect(await bens.next('chat:message')).toMatchObject({ media: { id: mediaId, kind: 'video' } })
  })
  it('keeps the order of a device: what is sent in a row is numbered so', async () => {
    const { ben, phone, bens } = await fourDevices()
    const texts = Array.from({ length: 30 }, (_, index) => `${index}`)
    const answers = await Promise.all(
      texts.map((text) => phone.ask('chat:send', { to: ben.id, text, clientId: newId() })),
    )
    expect(answers.map(({ message }) => message.sequence)).toEqual(texts.map((text) => Number(text) + 1))
    for (const text of texts) expect((await bens.next('chat:message')).text).toBe(text)
  })
  it('not_found: to whom one does not reach, each the same; nothing is pushed', async () => {
    const { asha, ben, phone, bens } = await fourDevices()
    const stranger = await makeChatter(world)
    const say = (to: string) => phone.ask('chat:send', { to, text: 'Hello', clientId: newId() })
    const first = await say(stranger.id)
    expect(first).toMatchObject({ ok: false, code: 'not_found' })
    expect(await say(newId())).toEqual(first)
    expect((await say(ben.id)).ok).toBe(true)
    await bens.next('chat:message')
    await ben.post(`/api/blocks/${asha.id}`)
    expect(await say(ben.id)).toEqual(first)
    await bens.settled()
    expect(namesAt(bens)).toEqual(['chat:message'])
  })
  it.each([
    [{ text: 'Hello', clientId: 'c' }, '/to'],
    [{ to: newId(), clientId: 'c' }, '/text'],
    [{ to: newId(), text: 'a\u0000', clientId: 'c' }, '/text'],
    [{ to: newId(), text: '\ud800', clientId: 'c' }, '/text'],
    [{ to: newId(), text: 'x'.repeat(4_001), clientId: 'c' }, '/text'],
    [{ to: 7, text: 'Hello', clientId: 'c' }, '/to'],
    [{ to: newId(), text: 'Hello', clientId: 'c', sequence: 1 }, '/sequence'],
  ])('validation_failed: %j', async (input, path) => {
    const phone = await deviceOf(await makeChatter(world))
    const answer = await phone.ask('chat:send', input)
    expect(answer).toMatchObject({ ok: false, code: 'validation_failed', errors: [{ path }] })
  })
  it('rate_limited: past sixty in a minute, counted over both doors', async () => {
    const limited = await createWorld({ config: { rateLimits: true } })
    const [asha, ben] = await makeChatters(limited)
    const phone = await limited.connect(asha.person.accessToken)
    for (let n = 0; n < 30; n++) {
      expect((await asha.say(ben, `${n}`)).status).toBe(201)
      const answer = await phone.ask('chat:send', { to: ben.id, text: `${n}`, clientId: newId() })
      expect(answer.ok).toBe(true)
    }
    const answer = await phone.ask('chat:send', { to: ben.id, text: 'One more', clientId: newId() })
    const byHttp = await asha.say(ben, 'One more')
    await limited.close()
    expect(answer).toMatchObject({ ok: false, code: 'rate_limited', retryAfterSeconds: 60 })
    expect(byHttp.status).toBe(429)
  })
})

describe('chat:read', () => {
  it('tells the other one, and the reader’s other devices, once', async () => {
    const { asha, ben, phone, laptop, bens, bensLaptop } = await fourDevices()
    await asha.say(ben, 'Hello')
    const readAt = world.clock.now().toISOString()
    const mark = { with: asha.id, upTo: 1 }
    expect(await bens.ask('chat:read', mark)).toEqual({ ok: true, upTo: 1, unread: 0 })
    expect(await bens.ask('chat:read', mark)).toEqual({ ok: true, upTo: 1, unread: 0 })
    for (const device of [phone, laptop])
      expect(await device.next('chat:read')).toEqual({ with: ben.id, by: ben.id, upTo: 1, readAt })
    expect(await bensLaptop.next('chat:read')).toEqual({ with: asha.id, by: ben.id, upTo: 1, readAt })
    await Promise.all([phone.settled(), bens.settled(), bensLaptop.settled()])
    expect(namesAt(phone)).toEqual(['chat:message', 'chat:read'])
    expect(namesAt(bens)).toEqual(['chat:message'])
    expect(namesAt(bensLaptop)).toEqual(['chat:message', 'chat:read'])
  })
  it('by HTTP too; once out of reach, only the reader’s own devices hear of it', async () => {
    const { asha, ben, phone, bens } = await fourDevices()
    await asha.say(ben, '1')
    await ben.post(`/api/chat/read/${asha.id}`)
    expect(await phone.next('chat:read')).toMatchObject({ upTo: 1 })
    await asha.say(ben, '2')
    await ben.post(`/api/blocks/${asha.id}`)
    await ben.post(`/api/chat/read/${asha.id}`)
    await bens.next('chat:read')
    expect(await bens.next('chat:read')).toMatchObject({ upTo: 2 })
    await phone.settled()
    expect(namesAt(phone).filter((name) => name === 'chat:read')).toHaveLength(1)
  })
  it('not_found: with a stranger; validation_failed: no sequence', async () => {
    const phone = await deviceOf(await makeChatter(world))
    expect(await phone.ask('chat:read', { with: newId(), upTo: 1 })).toMatchObject({ code: 'not_found' })
    for (const upTo of [-1, 1.5, '1', null, 2 ** 31])
      expect(await phone.ask('chat:read', { with: newId(), upTo })).toMatchObject({
        code: 'validation_failed',
      })
  })
})

describe('typing', () => {
  it('is told to the other one only, every two seconds at most; that it ended at once; and is nowhere kept', async () => {
    const { asha, ben, phone, laptop, bens } = await fourDevices()
    const type = (typing: boolean) => phone.ask('typing', { to: ben.id, typing })
    for (const typing of [true, true, true, false, true]) expect(await type(typing)).toEqual({ ok: true })
    world.clock.advance({ seconds: 2 })
    await type(true)
    await Promise.all([bens.settled(), laptop.settled()])
    const told = (typing: boolean) => ({ name: 'typing', payload: { from: asha.id, typing } })
    expect(bens.pushes).toEqual([true, false, true, true].map(told))
    expect(laptop.pushes).toEqual([])
    expect((await ben.history(asha)).body.items).toEqual([])
  })
  it('not_found: to a stranger, and to who has blocked one, who hears nothing of it', async () => {
    const { asha, ben, phone, bens } = await fourDevices()
    await ben.post(`/api/blocks/${asha.id}`)
    const refused = await phone.ask('typing', { to: newId(), typing: true })
    expect(refused).toMatchObject({ ok: false, code: 'not_found' })
    expect(await phone.ask('typing', { to: ben.id, typing: true })).toEqual(refused)
    await bens.settled()
    expect(bens.pushes).toEqual([])
  })
})
