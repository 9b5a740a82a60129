import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { findCourseSlugs } from './course-queries.ts'
import { makeCourse } from './factory.ts'

let world: World
let owner: Person
let instructor: Client
let student: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  instructor = world.client.as(owner.accessToken)
  student = world.client.as((await makePerson(world.deps)).accessToken)
})
afterAll(() => world.close())

const rename = (id: string, slug: string) => instructor.patch(`/api/courses/${id}`, { slug })

describe('the address of a course', () => {
  it('301: each slug that it had leads to the one it has', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'First name' })
    for (const slug of ['second-name', 'third-name'])
      expect(await rename(id, slug)).toMatchObject({ status: 200, body: { slug } })
    for (const old of ['first-name', 'second-name']) {
      for (const client of [world.client, student, instructor]) {
        const answer = await client.get(`/api/courses/${old}`)
        expect(answer.status).toBe(301)
        expect(answer.headers.get('location')).toBe('/api/courses/third-name')
        expect(answer.headers.get('cache-control')).toBe('no-cache')
      }
    }
    expect((await world.client.get('/api/v1/courses/first-name')).status).toBe(301)
    for (const name of ['third-name', id])
      expect(await world.client.get(`/api/courses/${name}`)).toMatchObject({ status: 200, body: { id } })
    const followed = await fetch(new URL('/api/courses/first-name', world.url))
    expect(await followed.json()).toMatchObject({ id, slug: 'third-name' })
  })
  it('200: it may have an old one back', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'There' })
    await rename(id, 'and')
    expect((await rename(id, 'there')).body.slug).toBe('there')
    expect((await world.client.get('/api/courses/there')).status).toBe(200)
    expect((await world.client.get('/api/courses/and')).headers.get('location')).toBe('/api/courses/there')
  })
  it('409 slug_taken: what another has or had, and a title gets the next number', async () => {
    const one = await makeCourse(world.deps, { owner, title: 'Taken' })
    const two = await makeCourse(world.deps, { owner, title: 'Free' })
    await rename(one.id, 'taken-no-more')
    for (const slug of ['taken', 'taken-no-more'])
      expect(await rename(two.id, slug)).toMatchObject({ status: 409, body: { code: 'slug_taken' } })
    expect((await instructor.get(`/api/courses/${two.id}`)).body).toMatchObject({ slug: 'free' })
    expect((await instructor.post('/api/courses', { title: 'Taken' })).body.slug).toBe('taken-2')
  })
  it('201: the next number is looked for among numbers, however many titles begin alike', async () => {
    for (const title of ['Knots', 'Knots at sea', 'Knots 7b', 'Knots 3'])
      await makeCourse(world.deps, { owner, title })
    expect(await findCourseSlugs(world.deps.db, 'knots')).toEqual(['knots-3'])
    expect((await instructor.post('/api/courses', { title: 'Knots' })).body.slug).toBe('knots-4')
  })
  it('409 once, when two want one at the same moment', async () => {
    const made = await Promise.all([1, 2].map((n) => makeCourse(world.deps, { owner, title: `Racer ${n}` })))
    const answers = await Promise.all(made.map(({ id }) => rename(id, 'winner')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })
  it('404: the old slug of a draft, for who may not know of it; of a deleted course, which frees it', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'Secret', published: false })
    await rename(id, 'more-secret')
    expect((await world.client.get('/api/courses/secret')).status).toBe(404)
    expect((await student.get('/api/courses/secret')).status).toBe(404)
    expect((await instructor.get('/api/courses/secret')).status).toBe(301)
    await instructor.delete(`/api/courses/${id}`)
    expect((await instructor.get('/api/courses/secret')).status).toBe(404)
    expect((await instructor.post('/api/courses', { title: 'Secret' })).body.slug).toBe('secret')
  })
  it.each([['mine'], ['facets'], ['Upper'], ['a b'], ['-a'], ['a--b'], [''], ['x'.repeat(81)], [null], [7]])(
    '400: %j cannot be one',
    async (slug) => {
      const { id } = await makeCourse(world.deps, { owner, title: 'Stays', published: false })
      const answer = await instructor.patch(`/api/courses/${id}`, { slug })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/slug' }] } })
    },
  )
  it('400: nor can what looks like an id', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'Stays', published: false })
    expect((await rename(id, id)).body.errors[0].path).toBe('/slug')
  })
})

describe('If-Match', () => {
  const made = () => makeCourse(world.deps, { owner, title: 'Versions' })
  const tagOf = async (client: Client, id: string) =>
    (await client.get(`/api/courses/${id}`)).headers.get('etag') ?? ''
  const patch = (id: string, tag: string) =>
    instructor.patch(`/api/courses/${id}`, { subtitle: 'New' }, { headers: { 'if-match': tag } })

  it('200, then 412 stale: the ETag of what was read lets one change through, and no second', async () => {
    const { id } = await made()
    const tag = await tagOf(instructor, id)
    expect(tag).toMatch(/^"\d+-/)
    const first = await patch(id, tag)
    expect(first.status).toBe(200)
    expect(await patch(id, tag)).toMatchObject({ status: 412, body: { code: 'stale' } })
    expect((await patch(id, first.headers.get('etag') ?? '')).status).toBe(200)
    expect((await patch(id, `"${first.body.version}"`)).status).toBe(412)
    expect((await patch(id, '*')).status).toBe(200)
  })
  it("200: the reader's own part of the page does not make a change stale", async () => {
    const { id } = await made()
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    const tags = [await tagOf(world.client, id), await tagOf(instructor, id)]
    expect(tags[0]).not.toBe(tags[1])
    await admin.post('/api/enrollments', { courseId: id })
    expect((await patch(id, tags[1] ?? '')).status).toBe(200)
  })
  it('412: PUT, DELETE and the outline too, and nothing is changed', async () => {
    const { id, sectionIds, lessonIds } = await made()
    const headers = { 'if-match': '"1"' }
    const before = await instructor.get(`/api/courses/${id}`)
    const order = [
      { sectionId: sectionIds[0], lessonIds },
      { sectionId: sectionIds[1], lessonIds: [] },
    ]
    for (const answer of [
      await instructor.put(`/api/courses/${id}`, { title: 'Anew' }, { headers }),
      await instructor.delete(`/api/courses/${id}`, undefined, { headers }),
      await instructor.put(`/api/courses/${id}/outline`, order, { headers }),
    ])
      expect(answer).toMatchObject({ status: 412, body: { code: 'stale' } })
    expect((await instructor.get(`/api/courses/${id}`)).body).toEqual(before.body)
    const fresh = { headers: { 'if-match': before.headers.get('etag') ?? '' } }
    expect((await instructor.put(`/api/courses/${id}/outline`, order, fresh)).status).toBe(200)
    expect((await instructor.put(`/api/courses/${id}/outline`, order, fresh)).status).toBe(412)
  })
  it('412: a lesson, a section and the instructors go by the version of the course, and say the next', async () => {
    const { id, sectionIds, lessonIds } = await made()
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    const teaching = [{ userId: owner.id, role: 'lead' }]
    const lesson = (tag: string) =>
      instructor.patch(`/api/lessons/${lessonIds[0]}`, { title: 'L' }, { headers: { 'if-match': tag } })
    const section = (tag: string) =>
      instructor.patch(`/api/sections/${sectionIds[0]}`, { title: 'S' }, { headers: { 'if-match': tag } })
    const teachers = (tag: string) =>
      admin.put(`/api/courses/${id}/instructors`, teaching, { headers: { 'if-match': tag } })
    const tag = await tagOf(instructor, id)
    const first = await lesson(tag)
    expect(first.status).toBe(200)
    const before = await instructor.get(`/api/courses/${id}`)
    expect(first.headers.get('etag')).toBe(`"${before.body.version}"`)
    for (const answer of [await lesson(tag), await section(tag), await teachers(tag)])
      expect(answer).toMatchObject({ status: 412, body: { code: 'stale' } })
    expect((await instructor.get(`/api/courses/${id}`)).body).toEqual(before.body)
    const second = await section(first.headers.get('etag') ?? '')
    expect(second.status).toBe(200)
    const third = await teachers(second.headers.get('etag') ?? '')
    expect(third).toMatchObject({ status: 200, body: { version: before.body.version + 2 } })
    expect((await lesson(`"${third.body.version}"`)).status).toBe(200)
  })
  it('200, then 412 stale: the ETag of lists and of a lesson goes by it, too', async () => {
    const { id, sectionIds, lessonIds } = await made()
    const [section, lesson] = [sectionIds[0], lessonIds[0]]
    for (const [path, change] of [
      [`/api/sections/${id}`, `/api/sections/${section}`],
      [`/api/lessons/${section}`, `/api/lessons/${lesson}`],
      [`/api/courses/${id}/lessons/${lesson}`, `/api/lessons/${lesson}`],
    ] as const) {
      const headers = { 'if-match': (await instructor.get(path)).headers.get('etag') ?? '' }
      expect(headers['if-match']).toMatch(/^"\d+-/)
      const first = await instructor.patch(change, { title: path.slice(0, 20) }, { headers })
      expect(first.status).toBe(200)
      const second = await instructor.patch(change, { title: 'Again' }, { headers })
      expect(second).toMatchObject({ status: 412, body: { code: 'stale' } })
    }
  })
  it('200: saying nothing changes nothing', async () => {
    const { id, sectionIds, lessonIds } = await made()
    const { body: before } = await instructor.get(`/api/courses/${id}`)
    world.clock.advance({ minutes: 1 })
    const tag = `"${before.version}"`
    for (const path of [`courses/${id}`, `sections/${sectionIds[0]}`, `lessons/${lessonIds[0]}`]) {
      const answer = await instructor.patch(`/api/${path}`, {})
      expect(answer.status).toBe(200)
      expect(answer.headers.get('etag')).toBe(tag)
    }
    expect((await instructor.get(`/api/courses/${id}`)).body).toEqual(before)
  })
  it('200 once and 412: of two changes of one version at once, one is made', async () => {
    const { id } = await made()
    const tag = await tagOf(instructor, id)
    const answers = await Promise.all([patch(id, tag), patch(id, tag), patch(id, tag)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412])
  })
  it('404 and 403 before 412: for who may not change it', async () => {
    const { id } = await makeCourse(world.deps, { owner, published: false })
    const other = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
    const headers = { 'if-match': '"99"' }
    expect((await other.patch(`/api/courses/${id}`, {}, { headers })).status).toBe(404)
    expect((await student.patch(`/api/courses/${id}`, {}, { headers })).status).toBe(403)
  })
  it('304: the same tag keeps an unchanged page from being sent again', async () => {
    const { id } = await made()
    const tag = await tagOf(world.client, id)
    const again = await world.client.get(`/api/courses/${id}`, { headers: { 'if-none-match': tag } })
    expect(again).toMatchObject({ status: 304, body: null })
  })
})

describe('the archive', () => {
  it('200: unpublishing brings an archived course back as a draft, which can be published again', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'Phoenix' })
    const { student: enrolled } = await makeEnrollment(world.deps, { courseId: id })
    await instructor.delete(`/api/courses/${id}`)
    expect(await instructor.post(`/api/courses/${id}/publish`)).toMatchObject({
      status: 409,
      body: { code: 'course_closed' },
    })
    expect(await student.post('/api/enrollments', { courseId: id })).toMatchObject({
      status: 409,
      body: { code: 'course_closed' },
    })
    expect((await instructor.post(`/api/courses/${id}/unpublish`)).body.status).toBe('draft')
    expect((await student.get(`/api/courses/${id}`)).status).toBe(404)
    expect((await world.client.as(enrolled.accessToken).get(`/api/courses/${id}`)).status).toBe(200)
    expect((await instructor.post(`/api/courses/${id}/publish`)).body.status).toBe('published')
    expect((await student.post('/api/enrollments', { courseId: id })).status).toBe(201)
  })
})
