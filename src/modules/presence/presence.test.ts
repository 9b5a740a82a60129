import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Device } from '../../../test/support/device.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makeFriends } from '../friends/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

interface Two {
  readonly asha: Person
  readonly ben: Person
  /** Asha's device, which watches Ben. */
  readonly watcher: Device
}

async function twoFriends(): Promise<Two> {
  const [asha, ben] = [await makePerson(world.deps), await makePerson(world.deps)]
  await makeFriends(world.deps, asha, ben)
  const watcher = await world.connect(asha.accessToken)
  await watcher.ask('presence:watch', { userIds: [ben.id] })
  return { asha, ben, watcher }
}

const as = (person: Person) => world.client.as(person.accessToken)
const seen = (of: Person, by: Person) => as(by).get(`/api/presence?userIds=${of.id}`)

describe('presence:watch', () => {
  it('tells of friends how they are now, and of nobody else', async () => {
    const { asha, ben, watcher } = await twoFriends()
    const stranger = await makePerson(world.deps)
    await world.connect(stranger.accessToken)
    const ask = () => watcher.ask('presence:watch', { userIds: [ben.id, stranger.id, newId(), asha.id] })
    expect(await ask()).toEqual({
      ok: true,
      people: [{ userId: ben.id, online: false, lastSeenAt: null }],
    })
    await world.connect(ben.accessToken)
    expect(await watcher.next('presence')).toEqual({ userId: ben.id, online: true, lastSeenAt: null })
    expect(await ask()).toMatchObject({ people: [{ userId: ben.id, online: true }] })
  })

  it('validation_failed: more than 200 people, or what is no id', async () => {
    const { watcher } = await twoFriends()
    const many = Array.from({ length: 201 }, () => newId())
    for (const userIds of [many, ['x'], 'x'])
      expect(await watcher.ask('presence:watch', { userIds })).toMatchObject({ code: 'validation_failed' })
  })

  it('replaces whom the device watched before', async () => {
    const { ben, watcher } = await twoFriends()
    await watcher.ask('presence:watch', { userIds: [] })
    await world.connect(ben.accessToken)
    await watcher.settled()
    expect(watcher.pushes).toEqual([])
  })
})

describe('the push', () => {
  it('comes when the first device is there and when the last is gone, with the time, which is kept', async () => {
    const { asha, ben, watcher } = await twoFriends()
    const phone = await world.connect(ben.accessToken)
    const laptop = await world.connect(ben.accessToken)
    phone.close()
    laptop.close()
    expect(await watcher.next('presence')).toMatchObject({ online: true })
    const gone = { userId: ben.id, online: false, lastSeenAt: world.clock.now().toISOString() }
    expect(await watcher.next('presence')).toEqual(gone)
    expect(watcher.pushes).toHaveLength(2)
    expect((await seen(ben, asha)).body).toEqual({ people: [gone] })
  })

  it('does not come for somebody who is back within the grace', async () => {
    const { ben, watcher } = await twoFriends()
    const first = await world.connect(ben.accessToken)
    await watcher.next('presence')
    first.close()
    const second = await world.connect(ben.accessToken)
    second.close()
    expect(await watcher.next('presence')).toMatchObject({ online: false })
    expect(watcher.pushes).toHaveLength(2)
  })

  it('comes for the last time when the watched one blocks the watcher, who cannot watch them again', async () => {
    const { asha, ben, watcher } = await twoFriends()
    const phone = await world.connect(ben.accessToken)
    await phone.ask('presence:watch', { userIds: [asha.id] })
    await watcher.next('presence')
    await as(ben).post(`/api/blocks/${asha.id}`)
    await world.drain()
    expect(await watcher.next('presence')).toEqual({ userId: ben.id, online: false, lastSeenAt: null })
    expect(await phone.next('presence')).toEqual({ userId: asha.id, online: false, lastSeenAt: null })
    expect(await watcher.ask('presence:watch', { userIds: [ben.id] })).toEqual({ ok: true, people: [] })
    expect((await seen(ben, asha)).body).toEqual({ people: [] })
    phone.close()
    watcher.close()
  })

  it('ends when the watched teacher is made a parent', async () => {
    const { owner, id: courseId } = await makeCourse(world.deps)
    const { student } = await makeEnrollment(world.deps, { courseId })
    const admin = await makePerson(world.deps, { role: 'admin' })
    const watcher = await world.connect(student.accessToken)
    expect((await watcher.ask('presence:watch', { userIds: [owner.id] })).people).toHaveLength(1)
    await as(admin).patch(`/api/users/${owner.id}`, { role: 'parent' })
    await world.drain()
    expect(await watcher.next('presence')).toEqual({ userId: owner.id, online: false, lastSeenAt: null })
  })

  it('ends for one who is a friend no more, and goes on for another', async () => {
    const { asha, ben, watcher } = await twoFriends()
    const other = await makePerson(world.deps)
    await makeFriends(world.deps, asha, other)
    await watcher.ask('presence:watch', { userIds: [ben.id, other.id] })
    await as(asha).delete(`/api/friends/${ben.id}`)
    await world.drain()
    expect(await watcher.next('presence')).toMatchObject({ userId: ben.id, online: false })
    await world.connect(other.accessToken)
    expect(await watcher.next('presence')).toEqual({ userId: other.id, online: true, lastSeenAt: null })
  })
})

describe('while the database fails', () => {
  it('offline is told, though the time of it cannot be kept', async () => {
    const { ben, watcher } = await twoFriends()
    const { pool } = world.database
    await pool.query('alter table last_seen add constraint broken check (false) not valid')
    try {
      const phone = await world.connect(ben.accessToken)
      await watcher.next('presence')
      phone.close()
      expect(await watcher.next('presence')).toMatchObject({ userId: ben.id, online: false })
    } finally {
      await pool.query('alter table last_seen drop constraint broken')
    }
  })

  it('signals that come back do not wait until everybody is looked at again, and then they are', async () => {
    const { asha, ben, watcher } = await twoFriends()
    await as(ben).post(`/api/blocks/${asha.id}`)
    const { signals } = world.deps
    const holder = await world.database.pool.connect()
    try {
      await holder.query('begin; lock table blocks in access exclusive mode')
      await world.database.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'lectern signals'",
      )
      await vi.waitFor(() => expect(signals.connected()).toBe(false), 5_000)
      await vi.waitFor(() => expect(signals.connected()).toBe(true), 10_000)
      expect(watcher.pushes).toEqual([])
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    expect(await watcher.next('presence')).toEqual({ userId: ben.id, online: false, lastSeenAt: null })
  })
})

describe('GET /api/presence', () => {
  it('200: one person or several, in two statements', async () => {
    const { asha, ben } = await twoFriends()
    await as(asha).get(`/api/presence?userIds=${ben.id}`)
    world.statements.length = 0
    const { status, body } = await as(asha).get(`/api/presence?userIds=${ben.id}&userIds=${newId()}`)
    expect(status).toBe(200)
    expect(body).toEqual({ people: [{ userId: ben.id, online: false, lastSeenAt: null }] })
    expect(world.statements).toHaveLength(2)
  })

  it('400 and 401', async () => {
    const asha = await makePerson(world.deps)
    for (const query of ['', '?userIds=x', '?more=1']) {
      expect((await as(asha).get(`/api/presence${query}`)).status).toBe(400)
    }
    expect((await world.client.get(`/api/presence?userIds=${asha.id}`)).status).toBe(401)
  })
})

describe('a person who deletes themselves', () => {
  it('leaves nothing, though it takes them offline', async () => {
    const { ben, watcher } = await twoFriends()
    await world.connect(ben.accessToken)
    await as(ben).delete('/api/users/me', { password: ben.password })
    await world.drain()
    expect(await watcher.next('presence')).toMatchObject({ online: true })
    expect(await watcher.next('presence')).toMatchObject({ online: false })
    const { rows } = await world.database.pool.query('select 1 from last_seen where user_id = $1', [ben.id])
    expect(rows).toEqual([])
  })
})

it('is kept each minute of those who are online, so that a killed process loses no more than that', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const own = await createWorld()
  try {
    const asha = await makePerson(own.deps)
    await own.connect(asha.accessToken)
    const seenAt = async () =>
      (await own.database.pool.query('select seen_at from last_seen where user_id = $1', [asha.id])).rows
    expect(await seenAt()).toEqual([])
    for (const minutes of [1, 2]) {
      own.clock.advance({ minutes })
      vi.advanceTimersByTime(60_000)
      await expect.poll(seenAt).toEqual([{ seen_at: own.clock.now() }])
    }
  } finally {
    vi.useRealTimers()
    await own.close()
  }
})

it('is in the archive of a person', async () => {
  const { ben, watcher } = await twoFriends()
  ;(await world.connect(ben.accessToken)).close()
  await watcher.next('presence')
  await watcher.next('presence')
  const { body } = await as(ben).get('/api/users/me/export')
  expect(body.presence).toEqual({ lastSeenAt: world.clock.now().toISOString() })
})
