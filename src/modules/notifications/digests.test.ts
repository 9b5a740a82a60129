import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeNotice } from './factory.ts'
import { beginDigests } from './gather-digests.ts'
import { sendDigest } from './mail-jobs.ts'
import { nextDigestAt } from './rules.ts'

let world: World
let reader: Person
let me: Client
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  reader = await makePerson(world.deps)
  me = world.client.as(reader.accessToken)
})

const choose = (body: object) => me.put('/api/notifications/preferences', body)
const mails = () => world.mails.filter(({ to }) => to === reader.email)
const tell = (title: string, wish: object = {}) => makeNotice(world.deps, [reader], { title, ...wish })
const cause = () => ({ userId: null, at: world.clock.now() })
/** As every worker does every five minutes. */
const gather = () => world.deps.transact((tx) => beginDigests(tx, cause(), { atOnce: 200 }))
async function gatherAndDrain() {
  while (await gather());
  await world.drain()
}
async function nextAt(): Promise<Date | undefined> {
  const { rows } = await world.database.pool.query(
    'select next_digest_at from notification_settings where user_id = $1',
    [reader.id],
  )
  return rows[0]?.next_digest_at
}
/** To the moment after the next digest is due. */
async function toNext() {
  const due = await nextAt()
  world.clock.advance({ seconds: ((due?.getTime() ?? 0) - world.clock.now().getTime()) / 1_000 + 1 })
}

describe('a digest', () => {
  it('gathers what is not urgent into one mail at its time, and leaves the rest as it was', async () => {
    await choose({ digest: 'daily' })
    await tell('First')
    await tell('Second <i>', { kind: 'certificate' })
    await tell('Password', { kind: 'security' })
    await tell('Tomorrow', { kind: 'reminder' })
    await gatherAndDrain()
    expect(mails().map(({ subject }) => subject)).toEqual(['Password', 'Tomorrow'])
    await toNext()
    await gatherAndDrain()
    const [, , digest, ...more] = mails()
    expect(more).toEqual([])
    expect(digest?.subject).toBe('2 notifications from Lectern')
    expect(digest?.text).toMatch(/\* First[\s\S]*\* Second <i>/)
    expect(digest?.html).toContain('Second &lt;i&gt;')
    await tell('Third')
    await gatherAndDrain()
    expect(mails()).toHaveLength(3)
  })
  it('comes once, whatever nodes begin it at the same moment and however often its job runs', async () => {
    await choose({ digest: 'daily' })
    await tell('Only')
    await toNext()
    await Promise.all([gather(), gather(), gather()])
    await world.drain()
    await gatherAndDrain()
    expect(mails().map(({ subject }) => subject)).toEqual(['Only'])
    await sendDigest(world.deps, { digestId: mails()[0]?.id ?? '', userId: reader.id })
    expect(mails()).toHaveLength(1)
  })
  it('keeps its id when a worker dies after it was sent', async () => {
    await choose({ digest: 'daily' })
    await tell('Only')
    await toNext()
    await gather()
    const { rows } = await world.database.pool.query(
      'select digest_id from notifications where user_id = $1',
      [reader.id],
    )
    const digest = { digestId: rows[0].digest_id, userId: reader.id }
    const transact = () => Promise.reject(new Error('killed'))
    await expect(sendDigest({ ...world.deps, transact }, digest)).rejects.toThrow('killed')
    await world.drain()
    expect(mails().map(({ id }) => id)).toEqual([digest.digestId, digest.digestId])
  })
  it('is one after a week without a server, and none where nothing waits', async () => {
    await choose({ digest: 'daily' })
    await tell('Old news')
    world.clock.advance({ days: 7 })
    await gatherAndDrain()
    await gatherAndDrain()
    expect(mails()).toHaveLength(1)
    world.clock.advance({ days: 1 })
    await gatherAndDrain()
    expect(mails()).toHaveLength(1)
  })
  it('comes by the clock of the profile, and moves with it', async () => {
    await choose({ digest: 'weekly' })
    const after = world.clock.now()
    expect(await nextAt()).toEqual(nextDigestAt('weekly', { timezone: null, after }))
    for (const timezone of ['Asia/Kathmandu', 'America/New_York']) {
      await me.patch('/api/users/me', { timezone })
      await world.drain()
      expect(await nextAt()).toEqual(nextDigestAt('weekly', { timezone, after }))
    }
    await choose({ digest: 'daily' })
    expect(await nextAt()).toEqual(nextDigestAt('daily', { timezone: 'America/New_York', after }))
  })
  it('leaves out what was read, or is not wanted by mail any more', async () => {
    await choose({ digest: 'daily' })
    await tell('Read')
    const { items } = (await me.get('/api/notifications')).body
    await me.post(`/api/notifications/${items[0].id}/read`)
    await tell('Unwanted', { kind: 'certificate' })
    await choose({ kinds: { certificate: { email: false } } })
    await tell('Wanted', { kind: 'enrollment' })
    await toNext()
    await gatherAndDrain()
    expect(mails().map(({ subject }) => subject)).toEqual(['Wanted'])
  })
  it('switched off, sends what waits at once, and is over', async () => {
    await choose({ digest: 'weekly' })
    await tell('Waits')
    await choose({ digest: 'off' })
    await tell('Comes at once')
    await world.drain()
    expect(
      mails()
        .map(({ subject }) => subject)
        .toSorted(),
    ).toEqual(['Comes at once', 'Waits'])
    expect(await nextAt()).toBeNull()
  })
  it('ends by one click: all that it gathers', async () => {
    await choose({ digest: 'daily' })
    await tell('a')
    await tell('b', { kind: 'certificate' })
    await toNext()
    await gatherAndDrain()
    const url = new URL(mails()[0]?.unsubscribeUrl ?? '')
    const answer = await world.client.post(`${url.pathname}${url.search}`, 'List-Unsubscribe=One-Click', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.status).toBe(200)
    await tell('c')
    await tell('d', { kind: 'friend_request' })
    world.clock.advance({ days: 2 })
    await gatherAndDrain()
    expect(mails()).toHaveLength(1)
  })
})
