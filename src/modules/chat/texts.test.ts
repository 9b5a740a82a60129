import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Chatter, makeChatters } from '../../../test/support/chatters.ts'
import { createWorld, type World } from '../../../test/support/world.ts'

let world: World
let asha: Chatter
let ben: Chatter
beforeAll(async () => {
  world = await createWorld()
  ;[asha, ben] = await makeChatters(world)
})
afterAll(() => world.close())

const count = async () => (await world.database.pool.query('select count(*) from messages')).rows[0].count

it.each([
  ['right to left', 'שלום עולם، مرحبا'],
  ['marks of direction', '\u2067abc\u2069'],
  ['an emoji of several parts', '👩‍👩‍👧‍👦'],
  ['2,000 letters outside of the basic plane twice', '𝒳'.repeat(4_000)],
  ['lines and tabs', 'a\n\tb'],
  ['what looks like HTML or SQL', `<script>'; drop table messages; --`],
])('201: %s, as it was written', async (_, text) => {
  const { status, body } = await asha.say(ben, text)
  expect(status).toBe(201)
  expect(body.text).toBe(text)
  expect((await ben.history(asha, '?limit=1')).body.items[0].text).toBe(text)
})

it.each([
  ['half a surrogate pair', 'a\ud83d'],
  ['the other half', '\udc4d'],
  ['U+0000', 'a\0b'],
  ['an escape sequence', '\u001b[31mred'],
  ['200,000 letters', 'x'.repeat(200_000)],
  ['4,001 letters outside of the basic plane', '𝒳'.repeat(4_001)],
])('400: %s, and nothing is kept', async (_, text) => {
  const before = await count()
  const answer = await asha.say(ben, text)
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/text' }] } })
  expect(await count()).toBe(before)
})

it('413: a megabyte', async () => {
  expect((await asha.say(ben, 'x'.repeat(1_000_000))).status).toBe(413)
})

it('whatever is said: kept as it was but for white space around it, or refused by 400', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom(' ', '\n', '\r', '\t', '\0', 'a', '\u2028', '\ufeff', '\ud800', '\u202e'),
    }),
  )
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      const before = await count()
      const { status, body } = await asha.say(ben, text)
      expect([201, 400]).toContain(status)
      if (status === 400) {
        expect(await count()).toBe(before)
        return
      }
      expect(body.text).toBe(text.replace(/\r\n?/g, '\n').trim())
      expect((await ben.history(asha, '?limit=1')).body.items[0].text).toBe(body.text)
    }),
    { numRuns: 150 },
  )
})

it('whatever is sent as a message: taken or refused, never a 500', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (text, mediaId, clientId) => {
      const { status } = await asha.post(`/api/chat/messages/${ben.id}`, { text, mediaId, clientId })
      expect([200, 201, 400, 409]).toContain(status)
    }),
    { numRuns: 100 },
  )
})
