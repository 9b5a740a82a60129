import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makeCourse } from './factory.ts'

let world: World
let owner: Person
let student: Client
let instructor: Client
let other: Client
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  const client = async (role: Person['role']) =>
    world.client.as((await makePerson(world.deps, { role })).accessToken)
  owner = await makePerson(world.deps, { role: 'instructor', name: 'Mira Sen' })
  instructor = world.client.as(owner.accessToken)
  other = await client('instructor')
  student = await client('student')
  admin = await client('admin')
})
afterAll(() => world.close())

async function factsOf(courseId: string): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `select type from events where payload->>'courseId' = $1 order by id`,
    [courseId],
  )
  return rows.map((row: { type: string }) => row.type)
}

describe('POST /courses', () => {
  it('201: a draft, led by the instructor who made it', async () => {
    const category = await admin.post('/api/categories', { name: 'Programming' })
    const { status, body } = await instructor.post('/api/courses', {
      title: ' Version control ',
      subtitle: 'With Git',
      description: '# Git\n\n*as written*',
      categoryId: category.body.id,
      level: 'beginner',
      language: 'en',
      tags: ['git', ' git ', 'tools'],
      price: { amount: 49_900, currency: 'INR' },
      sequential: true,
    })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      slug: 'version-control',
      title: 'Version control',
      subtitle: 'With Git',
      description: '# Git\n\n*as written*',
      status: 'draft',
      price: { amount: 49_900, currency: 'INR' },
      category: { id: category.body.id, name: 'Programming', slug: 'programming' },
      level: 'beginner',
      language: 'en',
      tags: ['git', 'tools'],
      sequential: true,
      hidden: false,
      rating: { average: 0, count: 0 },
      instructors: [{ id: owner.id, name: 'Mira Sen', role: 'lead' }],
      version: 1,
      createdAt: world.clock.now().toISOString(),
      updatedAt: world.clock.now().toISOString(),
    })
    expect(await factsOf(body.id)).toEqual(['course.created', 'course.priced'])
  })
  it('201: an admin makes a course that nobody teaches yet, free where the price is 0', async () => {
    const { status, body } = await admin.post('/api/courses', {
      title: 'Anything',
      price: { amount: 0, currency: 'INR' },
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ instructors: [], price: null, tags: [], sequential: false })
  })
  it.each([
    ['JPY', 1],
    ['KWD', 1_250],
    ['CLP', 990],
    ['EUR', 1],
    ['UYU', 100],
    ['ZWG', 100],
  ])('201: a price in %s, in its minor unit, comes back as it was given', async (currency, amount) => {
    const { status, body } = await instructor.post('/api/courses', {
      title: 'Priced',
      price: { amount, currency },
    })
    expect(status).toBe(201)
    expect(body.price).toEqual({ amount, currency })
  })
  it('201: of ten courses of one title at once, each gets its own slug', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => instructor.post('/api/courses', { title: 'Race day' })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201))
    const numbers = Array.from({ length: 9 }, (_, index) => `race-day-${index + 2}`)
    expect(answers.map(({ body }) => body.slug).toSorted()).toEqual(['race-day', ...numbers].toSorted())
  })
  it.each([
    [{}, '/title'],
    [{ title: '  ' }, '/title'],
    [{ title: 'Git\u0001basics' }, '/title'],
    [{ title: 'Git\nbasics' }, '/title'],
    [{ title: 'x'.repeat(201) }, '/title'],
    [{ title: 'X', level: 'expert' }, '/level'],
    [{ title: 'X', language: 'English!' }, '/language'],
    [{ title: 'X', price: { amount: 9.5, currency: 'INR' } }, '/price/amount'],
    [{ title: 'X', price: { amount: -1, currency: 'INR' } }, '/price/amount'],
    [{ title: 'X', language: 'en-gb-us' }, '/language'],
    [{ title: 'X', price: { amount: 100, currency: 'XXQ' } }, '/price/currency'],
    [{ title: 'X', price: { amount: 0, currency: 'ZZZ' } }, '/price/currency'],
    // Withdrawn: francs of France, kunas of Croatia; and units of account.
    [{ title: 'X', price: { amount: 100, currency: 'FRF' } }, '/price/currency'],
    [{ title: 'X', price: { amount: 100, currency: 'HRK' } }, '/price/currency'],
    [{ title: 'X', price: { amount: 100, currency: 'XAU' } }, '/price/currency'],
    [{ title: 'X', price: { amount: 100, currency: 'usd' } }, '/price/currency'],
    [{ title: 'X', slug: 'x' }, '/slug'],
    [{ title: 'X', categoryId: newId() }, '/categoryId'],
    [{ title: 'X', tags: [''] }, '/tags/0'],
    [{ title: 'X', status: 'published' }, '/status'],
  ])('400: %j is named as %s', async (body, path) => {
    const answer = await instructor.post('/api/courses', body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors[0].path).toBe(path)
  })
  it('401 and 403: for instructors and admins only', async () => {
    expect((await world.client.post('/api/courses', { title: 'X' })).status).toBe(401)
    expect((await student.post('/api/courses', { title: 'X' })).status).toBe(403)
  })
})

describe('PATCH and PUT /courses/:id', () => {
  it('200: PATCH changes what is said, null takes away, the slug stays, the version counts', async () => {
    const { id } = await makeCourse(world.deps, {
      owner,
      title: 'Before',
      subtitle: 'Sub',
      level: 'beginner',
      sections: [],
      published: false,
    })
    world.clock.advance({ minutes: 1 })
    const { status, body } = await instructor.patch(`/api/courses/${id}`, { title: 'After', subtitle: null })
    expect(status).toBe(200)
    expect(body).toMatchObject({ title: 'After', slug: 'before', level: 'beginner', version: 2 })
    expect(body).not.toHaveProperty('subtitle')
    expect(body.updatedAt).toBe(world.clock.now().toISOString())
    expect(await factsOf(id)).toEqual(['course.created', 'course.changed'])
  })
  it('200: PUT replaces all, what is not said is taken away', async () => {
    const { id } = await makeCourse(world.deps, {
      owner,
      level: 'advanced',
      tags: ['a'],
      price: { amount: 100, currency: 'EUR' },
      sequential: true,
    })
    const { status, body } = await instructor.put(`/api/courses/${id}`, { title: 'Anew', language: 'de' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ title: 'Anew', language: 'de', tags: [], price: null, sequential: false })
    expect(body).not.toHaveProperty('level')
    expect((await instructor.put(`/api/courses/${id}`, { language: 'de' })).status).toBe(400)
  })
  it('200: an admin may change any course', async () => {
    const { id } = await makeCourse(world.deps, { owner, published: false })
    expect((await admin.patch(`/api/courses/${id}`, { title: 'Seen to' })).status).toBe(200)
  })
  it('400: an unknown category, field or currency is named, and nothing changes', async () => {
    const { id } = await makeCourse(world.deps, { owner, published: false, sections: [] })
    for (const [body, path] of [
      [{ categoryId: newId() }, '/categoryId'],
      [{ slug: 'mine' }, '/slug'],
      [{ price: { amount: 1, currency: 'ZZZ' } }, '/price/currency'],
    ] as const) {
      const answer = await instructor.patch(`/api/courses/${id}`, body)
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
    }
    expect(await factsOf(id)).toEqual(['course.created'])
  })
})

describe('who may change a course', () => {
  const writes: [string, (client: Client, id: string) => Promise<{ status: number }>][] = [
    ['PATCH', (client, id) => client.patch(`/api/courses/${id}`, { title: 'Theirs' })],
    ['PUT', (client, id) => client.put(`/api/courses/${id}`, { title: 'Theirs' })],
    ['DELETE', (client, id) => client.delete(`/api/courses/${id}`)],
    ['publish', (client, id) => client.post(`/api/courses/${id}/publish`)],
    ['unpublish', (client, id) => client.post(`/api/courses/${id}/unpublish`)],
    ['outline', (client, id) => client.put(`/api/courses/${id}/outline`, [])],
    ['sections', (client, id) => client.post('/api/sections', { courseId: id, title: 'Theirs' })],
  ]
  it.each(writes)(
    '%s: 401 nobody, 403 a student, another instructor 404 for a draft and 403 for a published one',
    async (_name, write) => {
      const draft = await makeCourse(world.deps, { owner, published: false })
      const published = await makeCourse(world.deps, { owner })
      expect((await write(world.client, published.id)).status).toBe(401)
      expect((await write(student, published.id)).status).toBe(403)
      expect((await write(other, draft.id)).status).toBe(404)
      expect((await write(other, published.id)).status).toBe(403)
      expect((await write(instructor, newId())).status).toBe(404)
      expect((await write(instructor, 'no-id')).status).toBe(400)
    },
  )
})

describe('POST /courses/:id/publish and /unpublish', () => {
  it('409 course_incomplete: says what is missing, until nothing is', async () => {
    const { id } = await makeCourse(world.deps, { owner, published: false, sections: [] })
    const publish = () => instructor.post(`/api/courses/${id}/publish`)
    expect(await publish()).toMatchObject({
      status: 409,
      body: { code: 'course_incomplete', missing: ['no_section', 'no_lesson'] },
    })
    const section = await instructor.post('/api/sections', { courseId: id, title: 'One' })
    expect((await publish()).body.missing).toEqual(['no_lesson'])
    await instructor.post('/api/lessons', { sectionId: section.body.id, title: 'One', type: 'text' })
    expect(await publish()).toMatchObject({ status: 200, body: { status: 'published' } })
  })
  it('200: there and back, once each, and the first date stays', async () => {
    const { id } = await makeCourse(world.deps, { owner, published: false })
    const first = await instructor.post(`/api/courses/${id}/publish`)
    await instructor.post(`/api/courses/${id}/publish`)
    world.clock.advance({ minutes: 5 })
    const back = await instructor.post(`/api/courses/${id}/unpublish`)
    expect(back).toMatchObject({ status: 200, body: { status: 'draft' } })
    await instructor.post(`/api/courses/${id}/unpublish`)
    const again = await instructor.post(`/api/courses/${id}/publish`)
    expect(again.body).toMatchObject({ status: 'published', publishedAt: first.body.publishedAt })
    const facts = (await factsOf(id)).filter((type) => type.includes('publish'))
    expect(facts).toEqual(['course.published', 'course.unpublished', 'course.published'])
  })
})

describe('DELETE /courses/:id', () => {
  it('204: without enrollments it is gone with all it holds', async () => {
    const { id, sectionIds } = await makeCourse(world.deps, { owner })
    expect((await instructor.delete(`/api/courses/${id}`)).status).toBe(204)
    expect((await instructor.get(`/api/courses/${id}`)).status).toBe(404)
    expect((await instructor.get(`/api/lessons/${sectionIds[0]}`)).status).toBe(404)
    expect((await instructor.delete(`/api/courses/${id}`)).status).toBe(404)
    expect(await factsOf(id)).toContain('course.deleted')
  })
  it('200: with an enrollment, even a cancelled one, it is archived and takes no part any more', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'Old hat' })
    await makeEnrollment(world.deps, { courseId: id, status: 'cancelled' })
    expect(await instructor.delete(`/api/courses/${id}`)).toMatchObject({
      status: 200,
      body: { id, status: 'archived' },
    })
    const { body } = await world.client.get('/api/courses?q=old+hat')
    expect(body.items).toEqual([])
    const answer = await instructor.post(`/api/courses/${id}/publish`)
    expect(answer).toMatchObject({ status: 409, body: { code: 'course_closed' } })
    expect((await instructor.delete(`/api/courses/${id}`)).status).toBe(200)
    expect((await factsOf(id)).filter((type) => type === 'course.archived')).toHaveLength(1)
  })
})
