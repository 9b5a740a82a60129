import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
let owner: Person
let courseId: string
let student: Person
let mine: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
})
beforeEach(async () => {
  courseId = (await makeCourse(world.deps, { owner })).id
  student = (await makeEnrollment(world.deps, { courseId })).student
  mine = world.client.as(student.accessToken)
})
afterAll(() => world.close())

const own = () => `/api/courses/${courseId}/reviews/mine`
const list = async (query = '') => (await world.client.get(`/api/courses/${courseId}/reviews${query}`)).body
const ratingOf = async () => (await world.client.get(`/api/courses/${courseId}`)).body.rating
const stranger = async () => world.client.as((await makePerson(world.deps)).accessToken)

describe('PUT /courses/:id/reviews/mine', () => {
  it('201 once, then 200: replaced, never doubled', async () => {
    const given = await mine.put(own(), { stars: 5, text: '  <b>Clear</b>\nand short. ' })
    expect(given).toMatchObject({
      status: 201,
      body: { courseId, stars: 5, rating: 5, text: '<b>Clear</b>\nand short.', author: { id: student.id } },
    })
    const again = await mine.put(own(), { rating: 2 })
    expect(again).toMatchObject({ status: 200, body: { id: given.body.id, stars: 2 } })
    expect(again.body).not.toHaveProperty('text')
    expect(await ratingOf()).toEqual({ average: 2, count: 1 })
    const { body } = await world.client.get(`/api/courses?instructor=${owner.id}&limit=1`)
    expect(body.items[0]).toMatchObject({ id: courseId, rating: { average: 2, count: 1 } })
  })
  it('201 also for who has completed it, and in a course that is hidden by now', async () => {
    const { student: done } = await makeEnrollment(world.deps, { courseId, status: 'completed' })
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    await admin.put(`/api/courses/${courseId}/visibility`, { hidden: true, reason: 'Looked at.' })
    expect((await world.client.as(done.accessToken).put(own(), { stars: 3 })).status).toBe(201)
    expect((await world.client.get(`/api/courses/${courseId}/reviews`)).status).toBe(404)
  })
  it.each([
    [{}, '/stars'],
    [{ stars: 0 }, '/stars'],
    [{ stars: 6 }, '/stars'],
    [{ stars: 4.5 }, '/stars'],
    [{ stars: '5' }, '/stars'],
    [{ stars: 5, rating: 4 }, '/rating'],
    [{ stars: 5, text: 'x'.repeat(5_001) }, '/text'],
    [{ stars: 5, text: 'a\0b' }, '/text'],
    [{ stars: 5, title: 'x' }, '/title'],
  ])('400, case %#: the bad field is named, and nothing is given', async (body, path) => {
    const answer = await mine.put(own(), body)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
    expect((await list()).items).toEqual([])
  })
  it('401, 403 and 404: only who is enrolled, and does not teach it', async () => {
    expect((await world.client.put(own(), { stars: 5 })).status).toBe(401)
    expect((await (await stranger()).put(own(), { stars: 5 })).status).toBe(403)
    expect((await world.client.as(owner.accessToken).put(own(), { stars: 5 })).status).toBe(403)
    await makeEnrollment(world.deps, { courseId, student: owner })
    expect((await world.client.as(owner.accessToken).put(own(), { stars: 5 })).status).toBe(403)
    const { student: left } = await makeEnrollment(world.deps, { courseId, status: 'cancelled' })
    expect((await world.client.as(left.accessToken).put(own(), { stars: 5 })).status).toBe(403)
    const draft = await makeCourse(world.deps, { published: false })
    expect((await mine.put(`/api/courses/${draft.id}/reviews/mine`, { stars: 5 })).status).toBe(404)
    expect((await mine.put(`/api/courses/${newId()}/reviews/mine`, { stars: 5 })).status).toBe(404)
    expect(await ratingOf()).toEqual({ average: 0, count: 0 })
  })
})

describe('GET /courses/:id/reviews', () => {
  it.each(['hidden', 'taken back', 'archived as a draft'])(
    '200 for who is enrolled and for owners of a course that is %s; 404 for strangers',
    async (became) => {
      await mine.put(own(), { stars: 4, text: 'Clear.' })
      const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
      if (became === 'hidden')
        await admin.put(`/api/courses/${courseId}/visibility`, { hidden: true, reason: 'Looked at.' })
      else await admin.post(`/api/courses/${courseId}/unpublish`)
      if (became === 'archived as a draft') await admin.delete(`/api/courses/${courseId}`)
      const { student: done } = await makeEnrollment(world.deps, { status: 'completed' })
      const path = `/api/courses/${courseId}/reviews`
      for (const client of [mine, admin, world.client.as(owner.accessToken)])
        expect(await client.get(path)).toMatchObject({
          status: 200,
          body: { items: [{ stars: 4, text: 'Clear.', author: { id: student.id } }], rating: { count: 1 } },
        })
      for (const client of [world.client, await stranger(), world.client.as(done.accessToken)])
        expect((await client.get(path)).status).toBe(404)
    },
  )
  it('404 for who has cancelled, or not paid yet, in a course that is taken back', async () => {
    const { student: left } = await makeEnrollment(world.deps, { courseId, status: 'cancelled' })
    const paid = await makeCourse(world.deps, { owner, price: { amount: 100, currency: 'EUR' } })
    const { student: owes } = await makeEnrollment(world.deps, { courseId: paid.id, status: 'pending' })
    const teacher = world.client.as(owner.accessToken)
    for (const [id, { accessToken }] of [
      [courseId, left],
      [paid.id, owes],
    ] as const) {
      await teacher.post(`/api/courses/${id}/unpublish`)
      expect((await world.client.as(accessToken).get(`/api/courses/${id}/reviews`)).status).toBe(404)
    }
  })
  it('200: newest first, page by page, with average and histogram', async () => {
    for (const stars of [5, 4, 4, 1]) {
      const { student } = await makeEnrollment(world.deps, { courseId })
      await world.client.as(student.accessToken).put(own(), { stars })
    }
    const first = await list('?limit=3')
    expect(first).toMatchObject({
      items: [{ stars: 1 }, { stars: 4 }, { stars: 4 }],
      rating: { average: 3.5, count: 4 },
      histogram: { 1: 1, 2: 0, 3: 0, 4: 2, 5: 1 },
    })
    await mine.put(own(), { stars: 2 })
    expect(await list(`?limit=3&cursor=${first.nextCursor}`)).toMatchObject({
      items: [{ stars: 5 }],
      nextCursor: null,
      rating: { average: 3.2, count: 5 },
    })
  })
  it('400 and 404: a made-up cursor, no such course, a draft', async () => {
    const draft = await makeCourse(world.deps, { published: false })
    expect((await world.client.get(`/api/courses/${courseId}/reviews?cursor=e30`)).status).toBe(400)
    expect((await world.client.get(`/api/courses/${newId()}/reviews`)).status).toBe(404)
    expect((await world.client.get(`/api/courses/${draft.id}/reviews`)).status).toBe(404)
    const its = world.client.as(draft.owner.accessToken)
    expect((await its.get(`/api/courses/${draft.id}/reviews`)).status).toBe(200)
  })
  it('200: three statements at most, none the second time', async () => {
    world.statements.length = 0
    await list('?limit=50')
    expect(world.statements.length).toBeLessThanOrEqual(3)
    world.statements.length = 0
    await list('?limit=50')
    expect(world.statements).toEqual([])
  })
})

describe('DELETE', () => {
  it('204 of one’s own, also when no longer enrolled; then 404', async () => {
    await mine.put(own(), { stars: 5 })
    const { body } = await mine.get('/api/enrollments/my')
    await mine.post(`/api/enrollments/${body.items[0].id}/cancel`)
    expect((await mine.delete(own())).status).toBe(204)
    expect((await mine.delete(own())).status).toBe(404)
    expect(await list()).toMatchObject({ items: [], rating: { average: 0, count: 0 } })
  })
  it('204 of any, by an admin; 403 for others; 404 for none', async () => {
    const { body } = await mine.put(own(), { stars: 1, text: 'Rude.' })
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    expect((await world.client.as(owner.accessToken).delete(`/api/reviews/${body.id}`)).status).toBe(403)
    expect((await admin.delete(`/api/reviews/${body.id}`)).status).toBe(204)
    expect((await admin.delete(`/api/reviews/${body.id}`)).status).toBe(404)
    expect(await ratingOf()).toEqual({ average: 0, count: 0 })
  })
})

it('rating and histogram are exact whatever races', async () => {
  const people = await Promise.all(
    Array.from({ length: 6 }, async () => (await makeEnrollment(world.deps, { courseId })).student),
  )
  const statuses = new Set<number>()
  await Promise.all(
    people.flatMap((person, index) =>
      Array.from({ length: 12 }, async (_, turn) => {
        const client = world.client.as(person.accessToken)
        const stars = 1 + ((index * 7 + turn * 3) % 5)
        const { status } = turn % 3 === 2 ? await client.delete(own()) : await client.put(own(), { stars })
        statuses.add(status)
      }),
    ),
  )
  expect([...statuses].filter((status) => ![200, 201, 204, 404].includes(status))).toEqual([])
  const { rows } = await world.database.pool.query(
    `select (select array_agg((select count(*)::int from reviews where course_id = $1 and stars = place) order by place)
       from generate_series(1, 5) as place) as truth, stars, rating_count, rating_average,
       (select round(avg(stars), 2) from reviews where course_id = $1) as average
     from course_stats where course_id = $1`,
    [courseId],
  )
  expect(rows[0].stars).toEqual(rows[0].truth)
  expect(rows[0].rating_average).toBe(rows[0].average ?? 0)
  expect(rows[0].rating_count).toBe(rows[0].truth.reduce((sum: number, count: number) => sum + count, 0))
})

it('people who leave: their reviews are in their archive; of what they said only the stars stay, and are nobody’s', async () => {
  await mine.put(own(), { stars: 4, text: 'Good.' })
  const archive = await mine.get('/api/users/me/export')
  expect(JSON.stringify(archive.body)).toContain('Good.')
  const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
  expect((await list()).items[0].author.id).toBe(student.id)
  await admin.delete(`/api/users/${student.id}`)
  expect((await list()).items[0].author.name).toBe('Deleted user')
  await world.drain()
  expect(await list()).toMatchObject({
    items: [{ stars: 4, author: { name: 'Deleted user' } }],
    rating: { average: 4, count: 1 },
  })
  expect((await list()).items[0].author).not.toHaveProperty('id')
  expect((await list()).items[0]).not.toHaveProperty('text')
})
