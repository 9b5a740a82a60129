import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { cleanUpNotifications } from './clean-up.ts'
import { makeNotice } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const rowsOf = async (userId: string): Promise<string[]> => {
  const { rows } = await world.database.pool.query(
    'select title from notifications where user_id = $1 order by id',
    [userId],
  )
  return rows.map(({ title }: { title: string }) => title)
}

describe('what was told', () => {
  it('is deleted 90 days after it was read, and unread after a year', async () => {
    const reader = await makePerson(world.deps)
    const me = world.client.as(reader.accessToken)
    await makeNotice(world.deps, [reader], { title: 'Read' })
    await me.post('/api/notifications/read-all')
    await makeNotice(world.deps, [reader], { title: 'Unread' })
    const clean = async (days: number) => {
      world.clock.advance({ days })
      const cause = { userId: null, at: world.clock.now() }
      while (await world.deps.transact((tx) => cleanUpNotifications(tx, cause)));
      return rowsOf(reader.id)
    }
    expect(await clean(89)).toEqual(['Read', 'Unread'])
    expect(await clean(2)).toEqual(['Unread'])
    expect(await clean(273)).toEqual(['Unread'])
    expect(await clean(2)).toEqual([])
  })
  it('is in the archive of the person, with what they chose; of a deleted one nothing is left', async () => {
    const reader = await makePerson(world.deps)
    const other = await makePerson(world.deps)
    const me = world.client.as(reader.accessToken)
    await me.put('/api/notifications/preferences', { digest: 'weekly', kinds: { message: { inApp: false } } })
    await makeNotice(world.deps, [reader, other], { title: 'For both' })
    await makeNotice(world.deps, [reader], { kind: 'message', title: 'By mail only' })
    const { body } = await me.get('/api/users/me/export')
    expect(body.notifications).toMatchObject({
      notifications: [{ title: 'For both', readAt: null }, { title: 'By mail only' }],
      digest: 'weekly',
      choices: [{ kind: 'message', inApp: false, email: true }],
    })
    await me.delete('/api/users/me', { password: reader.password })
    await world.drain()
    expect(await rowsOf(reader.id)).toEqual([])
    expect(await rowsOf(other.id)).toEqual(['For both'])
    const { rows } = await world.database.pool.query(
      'select user_id from notification_settings union all select user_id from notification_choices',
    )
    expect(rows).toEqual([])
  })
})
