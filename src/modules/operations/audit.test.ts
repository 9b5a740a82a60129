import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeAdmin } from '../accounts/index.ts'
import { makeCourse } from '../catalogue/factory.ts'

let world: World
let admin: Person
let client: Client

beforeAll(async () => {
  world = await createWorld()
  admin = await makePerson(world.deps, { role: 'admin', name: 'Asha Rao' })
  client = world.client.as(admin.accessToken)
})
afterAll(() => world.close())

async function audit(query: Record<string, string> = {}) {
  const answer = await client.get(`/api/admin/audit?${new URLSearchParams(query)}`)
  expect(answer.status).toBe(200)
  return answer.body
}

/** What is kept of somebody, newest first. */
const actionsOn = async (subject: string): Promise<string[]> =>
  (await audit({ subject })).items.map(({ action }: { action: string }) => action)

describe('GET /admin/audit', () => {
  it('200: who, when, what, about whom, by which request, and from what to what', async () => {
    const ben = await makePerson(world.deps)
    const answer = await client.patch(`/api/users/${ben.id}`, { role: 'instructor' })
    world.statements.length = 0
    const { items, nextCursor } = await audit({ subject: ben.id, action: 'user.role_changed' })
    expect(world.statements).toHaveLength(2)
    expect(nextCursor).toBeNull()
    expect(items).toEqual([
      {
        id: expect.any(String),
        at: world.clock.now().toISOString(),
        action: 'user.role_changed',
        actor: { id: admin.id, role: 'admin', name: 'Asha Rao' },
        subject: { type: 'user', id: ben.id },
        concerns: [],
        details: { userId: ben.id, from: 'student', to: 'instructor' },
        requestId: answer.headers.get('x-request-id'),
        address: '127.0.0.1',
      },
    ])
  })

  it('200: what ended with a suspension is there, what people do to themselves is not', async () => {
    const ben = await makePerson(world.deps)
    const own = world.client.as(ben.accessToken)
    await own.patch('/api/users/me', { name: 'Benjamin' })
    await client.patch(`/api/users/${ben.id}`, { name: 'Ben', status: 'suspended' })
    expect(await actionsOn(ben.id)).toEqual(['session.revoked', 'user.suspended', 'user.updated'])
    await client.patch('/api/users/me', { headline: 'Runs the school' })
    expect(await actionsOn(admin.id)).toEqual([])
  })

  it("200: a course's price and teachers, whoever changes them; what else owners do is theirs, unless an admin does it", async () => {
    const teacher = await makePerson(world.deps, { role: 'instructor' })
    const { id } = await makeCourse(world.deps, {
      owner: teacher,
      price: { amount: 50_000, currency: 'INR' },
    })
    const owner = world.client.as(teacher.accessToken)
    await owner.patch(`/api/courses/${id}`, {
      subtitle: 'Now cheaper',
      price: { amount: 40_000, currency: 'INR' },
    })
    await client.patch(`/api/courses/${id}`, { subtitle: 'For all' })
    const { items } = await audit({ subject: id })
    expect(items).toMatchObject([
      { action: 'course.changed', actor: { id: admin.id, role: 'admin' } },
      {
        action: 'course.priced',
        actor: { id: teacher.id, role: 'instructor' },
        details: { from: { amount: 50_000, currency: 'INR' }, to: { amount: 40_000, currency: 'INR' } },
      },
      { action: 'course.priced', details: { from: null, to: { amount: 50_000, currency: 'INR' } } },
    ])
  })

  it('200: the first price of a course, whether made anew or as a copy; a free one has none', async () => {
    const teacher = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
    const price = { amount: 900, currency: 'EUR' }
    const pricesOf = async (id: string) =>
      (await audit({ subject: id, action: 'course.priced' })).items.map(
        (item: { details: object }) => item.details,
      )
    const { body: made } = await teacher.post('/api/courses', { title: 'Priced', price })
    expect(await pricesOf(made.id)).toEqual([{ courseId: made.id, from: null, to: price }])
    const { body: copy } = await teacher.post(`/api/courses/${made.id}/duplicate`)
    expect(await pricesOf(copy.id)).toEqual([{ courseId: copy.id, from: null, to: price }])
    const { body: free } = await teacher.post('/api/courses', {
      title: 'Free',
      price: { ...price, amount: 0 },
    })
    const { body: freeCopy } = await teacher.post(`/api/courses/${free.id}/duplicate`)
    expect([await pricesOf(free.id), await pricesOf(freeCopy.id)]).toEqual([[], []])
  })

  it('200: who leads a course and who assists, and did before: also where the same people change places', async () => {
    const [ada, ben] = [
      await makePerson(world.deps, { role: 'instructor' }),
      await makePerson(world.deps, { role: 'instructor' }),
    ]
    const cleo = await makePerson(world.deps, { role: 'instructor' })
    const { id } = await makeCourse(world.deps, { owner: ada })
    const assign = (...parts: { userId: string; role: string }[]) =>
      client.put(`/api/courses/${id}/instructors`, parts)
    const before = [
      { userId: ada.id, role: 'lead' },
      { userId: ben.id, role: 'assistant' },
      { userId: cleo.id, role: 'assistant' },
    ]
    const after = [
      { userId: ada.id, role: 'assistant' },
      { userId: ben.id, role: 'lead' },
      { userId: cleo.id, role: 'assistant' },
    ]
    await assign(...before)
    await assign(...after)
    const [swap] = (await audit({ subject: id })).items
    expect(swap).toMatchObject({
      action: 'course.assigned',
      subject: { type: 'course', id },
      details: { from: expect.arrayContaining(before), to: after, added: [], removed: [] },
    })
    expect(swap.details.from).toHaveLength(3)
    expect(new Set(swap.concerns)).toEqual(new Set([ada.id, ben.id]))
    expect(await actionsOn(ada.id)).toEqual(['course.assigned'])
    expect(await actionsOn(cleo.id)).toEqual(['course.assigned'])
  })

  it('200: a coupon, with its terms before and after', async () => {
    const { body } = await client.post('/api/coupons', { code: 'SPRING', percentOff: 10 })
    await client.patch(`/api/coupons/${body.id}`, { percentOff: 20, maxRedemptions: 5 })
    expect((await audit({ subject: body.id })).items).toMatchObject([
      {
        action: 'coupon.changed',
        details: {
          code: 'SPRING',
          from: { percentOff: 10, maxRedemptions: null },
          to: { percentOff: 20, maxRedemptions: 5 },
        },
      },
      { action: 'coupon.created', details: { to: { percentOff: 10 } } },
    ])
  })

  it('200: an admin made by the operator, whom nobody made', async () => {
    const cause = { userId: null, at: world.clock.now() }
    const { user } = await world.deps.transact((tx) =>
      makeAdmin(tx, cause, { email: 'operator@example.org', name: 'Op', passwordHash: 'none' }),
    )
    expect((await audit({ subject: user.id })).items).toMatchObject([
      { action: 'admin.made', actor: null, details: { isNew: true }, requestId: null, address: null },
    ])
  })

  it('200: by actor, action and time; pages without gaps or repetitions, newest first', async () => {
    const other = await makePerson(world.deps, { role: 'admin' })
    const made: string[] = []
    for (let n = 0; n < 5; n++) {
      world.clock.advance({ minutes: 1 })
      const { body } = await world.client.as(other.accessToken).post('/api/categories', { name: `C${n}` })
      made.unshift(body.id)
    }
    const seen: string[] = []
    for (let cursor: string | null = null; ; ) {
      const page = await audit({ actor: other.id, limit: '2', ...(cursor ? { cursor } : {}) })
      seen.push(...page.items.map(({ subject }: { subject: { id: string } }) => subject.id))
      cursor = page.nextCursor
      if (cursor === null) break
    }
    expect(seen).toEqual(made)
    const now = world.clock.now().getTime()
    const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString()
    const between = await audit({ actor: other.id, action: 'category.created', from: at(3), to: at(1) })
    expect(between.items.map(({ subject }: { subject: { id: string } }) => subject.id)).toEqual(
      made.slice(2, 4),
    )
    expect((await audit({ actor: other.id, action: 'user.deleted' })).items).toEqual([])
  })

  it('200: as CSV with Accept: text/csv, all of it in one file, in which no cell starts a formula', async () => {
    const ben = await makePerson(world.deps)
    await client.patch(`/api/users/${ben.id}`, { role: 'parent' })
    await world.database.pool.query("update users set name = '=Asha' where id = $1", [admin.id])
    const { body, headers } = await client.get(`/api/admin/audit?subject=${ben.id}&limit=1`, {
      headers: { accept: 'text/csv' },
    })
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const lines = body.trim().split('\r\n')
    expect(lines).toHaveLength(1 + (await actionsOn(ben.id)).length)
    expect(lines[0]).toBe(
      'id,at,action,actorId,actorRole,actorName,subjectType,subjectId,concerns,details,requestId,address',
    )
    expect(body).toContain(`user.role_changed,${admin.id},admin,'=Asha,user,${ben.id},`)
  })

  it.each([
    ['actor', 'x'],
    ['action', 'Role Changed'],
    ['from', 'yesterday'],
    ['to', '2026-06-30T23:59:60Z'],
    ['cursor', 'x'],
    ['subject', ''],
    ['role', 'admin'],
  ])('400: %s=%s', async (name, value) => {
    const { status, body } = await client.get(`/api/admin/audit?${name}=${encodeURIComponent(value)}`)
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'validation_failed' })
  })

  it('401 and 403 for all but admins', async () => {
    const teacher = await makePerson(world.deps, { role: 'instructor' })
    expect((await world.client.get('/api/admin/audit')).status).toBe(401)
    expect((await world.client.as(teacher.accessToken).get('/api/admin/audit')).status).toBe(403)
  })
})

describe('what is audited', () => {
  it('is changed and deleted by nobody, while other facts may go', async () => {
    const { pool } = world.database
    for (const statement of [
      'delete from events where audited',
      'truncate events cascade',
      "update events set payload = '{}' where audited",
      'update events set audited = false, subject_type = null where audited',
    ])
      await expect(pool.query(statement)).rejects.toThrow('the audit log is only added to')
    await pool.query('delete from events where not audited')
  })

  it('is found by its own indexes, whatever is asked', async () => {
    const { pool } = world.database
    await pool.query(
      `insert into events (id, type, user_id, occurred_at, payload, audited, subject_type, subjects)
       select gen_random_uuid(), 'a.done', gen_random_uuid(), now() - n * interval '1 minute', '{}', n % 10 = 0,
         case when n % 10 = 0 then 'user' end, array['s' || n]
       from generate_series(1, 20000) n`,
    )
    await pool.query('analyze events')
    const plan = async (condition: string) => {
      const { rows } = await pool.query(
        `explain select * from events where audited and ${condition} order by occurred_at desc, id desc limit 21`,
      )
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    }
    expect(await plan('true')).toContain('events_audited ')
    expect(await plan(`user_id = '${admin.id}'`)).toContain('events_audited_actor')
    expect(await plan("subjects @> array['s10']")).toContain('events_audited_subjects')
    expect(await plan("type = 'none.such'")).toContain('events_audited_type')
  })
})
