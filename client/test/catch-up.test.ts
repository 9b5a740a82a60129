import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { makeNotice } from '../../src/modules/notifications/factory.ts'
import { createWorld, type World } from '../../test/support/world.ts'
import { createCatchUp } from '../src/catch-up.ts'
import { type Message, newKey } from '../src/index.ts'
import { network } from './network.ts'
import { signedIn } from './signed-in.ts'

const world: World = {} as never
beforeAll(async () => void Object.assign(world, await createWorld()))
afterAll(() => world.close())

/** Asha's device, to which pushes come as the test hands them on, and Ben, who writes to her. */
async function open() {
  const [asha, ben] = await Promise.all([makePerson(world.deps), makePerson(world.deps, { name: 'Ben' })])
  await makeFriends(world.deps, asha, ben)
  const net = network()
  const client = await signedIn(world, asha, { fetch: net.fetch })
  const told: string[] = []
  const begin = (own: typeof client) =>
    createCatchUp({
      client: own,
      tell: (_name, payload) => told.push((payload as Message).text ?? (payload as { title: string }).title),
      ask: () => Promise.reject(new Error('nothing is asked here')),
      isConnected: () => true,
    })
  /** As for somebody who has more conversations than one looks at. */
  const beginKnowing = (limit: number) => {
    const listConversations = () => client.chat.listConversations({ limit })
    return begin({ ...client, chat: { ...client.chat, listConversations } })
  }
  const writer = await signedIn(world, ben)
  const write = (text: string) => writer.chat.sendMessage(asha.id, { text, clientId: newKey() })
  return { asha, ben, net, client, told, catchUp: begin(client), beginKnowing, write }
}

/** The id that would have been made two minutes before. */
function earlier(id: string): string {
  const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - 120_000
  return time.toString(16).padStart(12, '0').replace(/^.{8}/, '$&-') + id.slice(13)
}

it('a push that was lost is noticed by the next, and what is between is fetched; late ones are told no second time', async () => {
  const { told, catchUp, write } = await open()
  await write('before')
  await catchUp.begin()
  expect(await catchUp.connected()).toBe(true)
  expect(told).toEqual([])
  const [one, two, three] = [await write('one'), await write('two'), await write('three')]
  catchUp.pushed('chat:message', one)
  catchUp.pushed('chat:message', three)
  await expect.poll(() => told).toEqual(['one', 'two', 'three'])
  catchUp.pushed('chat:message', two)
  catchUp.pushed('chat:message', three)
  catchUp.pushed('chat:message', await write('four'))
  await expect.poll(() => told).toEqual(['one', 'two', 'three', 'four'])
})

it('the first messages of a conversation come in the other order, or one of them not at all: they are told in theirs', async () => {
  const { told, catchUp, write } = await open()
  await catchUp.begin()
  const [one, two] = [await write('one'), await write('two')]
  catchUp.pushed('chat:message', two)
  catchUp.pushed('chat:message', one)
  await expect.poll(() => told).toEqual(['one', 'two'])
  await catchUp.connected()
  expect(told).toEqual(['one', 'two'])
})

it('the push of the first message was lost, and was answered on this device: it is told with the next, the answer is not', async () => {
  const { client, ben, told, catchUp, write } = await open()
  await catchUp.begin()
  await write('one')
  const answer = await client.chat.sendMessage(ben.id, { text: 'answer', clientId: newKey() })
  catchUp.asked('chat:send', { message: answer })
  catchUp.pushed('chat:message', await write('three'))
  await expect.poll(() => told).toEqual(['one', 'three'])
})

it('a push was lost in a conversation that is not among the latest: what is told begins where all of it began', async () => {
  const { asha, told, beginKnowing, write } = await open()
  for (const text of ['before', 'long before']) await write(text)
  const cyn = await makePerson(world.deps)
  await makeFriends(world.deps, asha, cyn)
  const other = await signedIn(world, cyn)
  await other.chat.sendMessage(asha.id, { text: 'the latest', clientId: newKey() })
  const catchUp = beginKnowing(1)
  await catchUp.begin()
  await write('one')
  catchUp.pushed('chat:message', await write('two'))
  await expect.poll(() => told).toEqual(['one', 'two'])
  await catchUp.connected()
  expect(told).toEqual(['one', 'two'])
})

it('more than a page was missed: all of it is told, the oldest first', async () => {
  const { told, catchUp, write } = await open()
  await write('before')
  await catchUp.begin()
  const texts = Array.from({ length: 120 }, (_, i) => `${i + 1}`)
  for (const text of texts) await write(text)
  await catchUp.connected()
  expect(told).toEqual(texts)
})

it('what breaks off while it is fetched is told once, when it was fetched', async () => {
  const { net, told, catchUp, write } = await open()
  await write('before')
  await catchUp.begin()
  await write('one')
  // The conversations are answered; what was said is not, whenever it is asked for.
  const lost = { times: 3 }
  net.before(({ path }) => {
    if (path.startsWith('/api/chat/history') && lost.times-- > 0) net.next('never sent')
  })
  expect(await catchUp.connected()).toBe(true)
  expect(told).toEqual(['one'])
})

it('a node whose clock is behind said it, or notified of it: it is told all the same, whether it was pushed or missed', async () => {
  const { asha, client, told, catchUp, write } = await open()
  await write('before')
  const cyn = await makePerson(world.deps)
  await makeFriends(world.deps, asha, cyn)
  const other = await signedIn(world, cyn)
  await other.chat.sendMessage(asha.id, { text: 'the latest', clientId: newKey() })
  await makeNotice(world.deps, [asha], { title: 'The latest' })
  await catchUp.begin()
  const { items } = await client.notifications.list({ limit: 1 })
  catchUp.pushed('notification', { ...items[0], title: 'Pushed', id: earlier(items[0]?.id ?? '') })
  await expect.poll(() => told).toEqual(['Pushed'])
  const { id } = await write('missed')
  const { pool } = world.database
  await pool.query('update messages set id = $2 where id = $1', [id, earlier(id)])
  await catchUp.connected()
  expect(told).toEqual(['Pushed', 'missed'])
})

it('notifications are told once, whether they were fetched or pushed', async () => {
  const { asha, client, told, catchUp } = await open()
  await makeNotice(world.deps, [asha], { title: 'Before' })
  await catchUp.begin()
  await makeNotice(world.deps, [asha], { title: 'While away' })
  await catchUp.connected()
  const { items } = await client.notifications.list({ limit: 1 })
  catchUp.pushed('notification', items[0])
  await catchUp.connected()
  expect(told).toEqual(['While away'])
})
