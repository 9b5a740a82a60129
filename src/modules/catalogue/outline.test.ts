import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from './factory.ts'

let world: World
let owner: Person
let instructor: Client
let other: Client
let student: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  instructor = world.client.as(owner.accessToken)
  other = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
  student = world.client.as((await makePerson(world.deps)).accessToken)
})
afterAll(() => world.close())

async function versionOf({ id }: MadeCourse): Promise<number> {
  return (await instructor.get(`/api/courses/${id}`)).body.version
}

async function orderOf({ id }: MadeCourse): Promise<unknown> {
  const { body } = await instructor.get(`/api/courses/${id}`)
  return body.sections.map(
    (section: { id: string; position: number; lessons: { id: string; position: number }[] }) => ({
      id: section.id,
      position: section.position,
      lessons: section.lessons.map(({ id, position }) => [position, id]),
    }),
  )
}

describe('sections', () => {
  it('201, 200, 204: added at the end, changed, removed with the gap closed; each counts as a change of the course', async () => {
    const course = await makeCourse(world.deps, { owner, sections: [], published: false })
    const add = (title: string) =>
      instructor.post('/api/sections', { courseId: course.id, title, description: 'Why' })
    const [one, two, three] = [await add(' One '), await add('Two'), await add('Three')]
    expect(one).toMatchObject({
      status: 201,
      body: { courseId: course.id, title: 'One', description: 'Why', position: 1 },
    })
    expect(three.body.position).toBe(3)
    const change = { title: 'Zwei', description: null }
    const changed = await instructor.patch(`/api/sections/${two.body.id}`, change)
    expect(changed).toMatchObject({ status: 200, body: { title: 'Zwei', position: 2 } })
    expect(changed.body).not.toHaveProperty('description')
    expect((await instructor.delete(`/api/sections/${one.body.id}`)).status).toBe(204)
    const { body } = await instructor.get(`/api/sections/${course.id}`)
    expect(
      body.items.map(({ title, position }: { title: string; position: number }) => [position, title]),
    ).toEqual([
      [1, 'Zwei'],
      [2, 'Three'],
    ])
    expect(await versionOf(course)).toBe(6)
  })
  it('GET 200: as the course, page by page; 404 for a draft of another', async () => {
    const course = await makeCourse(world.deps, { owner })
    const draft = await makeCourse(world.deps, { owner, published: false })
    const first = await world.client.get(`/api/sections/${course.id}?limit=1`)
    expect(first.body.items.map((item: { id: string }) => item.id)).toEqual([course.sectionIds[0]])
    const second = await world.client.get(`/api/sections/${course.id}?cursor=${first.body.nextCursor}`)
    expect(second.body).toMatchObject({ items: [{ id: course.sectionIds[1] }], nextCursor: null })
    for (const client of [world.client, student, other])
      expect((await client.get(`/api/sections/${draft.id}`)).status).toBe(404)
    expect((await instructor.get(`/api/sections/${draft.id}`)).status).toBe(200)
    expect((await world.client.get('/api/sections/no-id')).status).toBe(400)
  })
  it('400, 401, 403, 404: only owners change them', async () => {
    const { id, sectionIds } = await makeCourse(world.deps, { owner })
    const draft = await makeCourse(world.deps, { owner, published: false })
    const path = `/api/sections/${sectionIds[0]}`
    expect((await instructor.post('/api/sections', { courseId: id })).body.errors[0].path).toBe('/title')
    expect((await instructor.patch(path, { position: 2 })).body.errors[0].path).toBe('/position')
    for (const send of [
      (client: Client) => client.patch(path, { title: 'X' }),
      (client: Client) => client.delete(path),
    ]) {
      expect((await send(world.client)).status).toBe(401)
      expect((await send(student)).status).toBe(403)
      expect((await send(other)).status).toBe(403)
    }
    expect((await other.patch(`/api/sections/${draft.sectionIds[0]}`, { title: 'X' })).status).toBe(404)
    expect((await other.delete(`/api/sections/${newId()}`)).status).toBe(404)
  })
  it('/modules is another name for /sections', async () => {
    const { id, sectionIds } = await makeCourse(world.deps, { owner })
    const { body } = await world.client.get(`/api/v1/modules/${id}`)
    expect(body.items[0].id).toBe(sectionIds[0])
  })
})

describe('lessons', () => {
  it('201, 200, 204: added at the end, changed, removed with the gap closed', async () => {
    const course = await makeCourse(world.deps, { owner, sections: [[]], published: false })
    const sectionId = course.sectionIds[0]
    const add = (body: object) => instructor.post('/api/lessons', { sectionId, ...body })
    const one = await add({ title: 'One', type: 'text', body: '**bold**', preview: true })
    expect(one).toMatchObject({
      status: 201,
      body: { sectionId, courseId: course.id, type: 'text', body: '**bold**', preview: true, position: 1 },
    })
    const two = await add({ title: 'Two', type: 'video', durationSeconds: 90, availableAfterDays: 7 })
    expect(two.body).toMatchObject({
      position: 2,
      preview: false,
      durationSeconds: 90,
      availableAfterDays: 7,
    })
    expect(two.body).not.toHaveProperty('body')
    const change = { title: 'Zwei', body: 'text', durationSeconds: null }
    const changed = await instructor.patch(`/api/lessons/${two.body.id}`, change)
    expect(changed).toMatchObject({ status: 200, body: { title: 'Zwei', type: 'video', body: 'text' } })
    expect(changed.body).not.toHaveProperty('durationSeconds')
    expect((await instructor.delete(`/api/lessons/${one.body.id}`)).status).toBe(204)
    expect((await instructor.delete(`/api/lessons/${one.body.id}`)).status).toBe(404)
    const { body } = await instructor.get(`/api/lessons/${sectionId}`)
    expect(body.items).toMatchObject([{ id: two.body.id, position: 1 }])
    expect(await versionOf(course)).toBe(6)
  })
  it('GET 200: what they say is for owners, and of previews for everybody', async () => {
    const { sectionIds } = await makeCourse(world.deps, { owner, sections: [[{ preview: true }, {}]] })
    const bodies = async (client: Client) =>
      (await client.get(`/api/lessons/${sectionIds[0]}`)).body.items.map((item: object) => 'body' in item)
    expect(await bodies(instructor)).toEqual([true, true])
    expect(await bodies(student)).toEqual([true, false])
    expect(await bodies(world.client)).toEqual([true, false])
  })
  it('GET 404: of a draft of another', async () => {
    const { sectionIds } = await makeCourse(world.deps, { owner, published: false })
    expect((await other.get(`/api/lessons/${sectionIds[0]}`)).status).toBe(404)
    expect((await world.client.get(`/api/lessons/${sectionIds[0]}`)).status).toBe(404)
    expect((await world.client.get(`/api/lessons/${newId()}`)).status).toBe(404)
  })
  it('201: ten at once get ten places, and none is lost', async () => {
    const { sectionIds } = await makeCourse(world.deps, { owner, sections: [[]], published: false })
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        instructor.post('/api/lessons', { sectionId: sectionIds[0], title: `L${n}`, type: 'text' }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201))
    const { body } = await instructor.get(`/api/lessons/${sectionIds[0]}`)
    expect(body.items.map((item: { position: number }) => item.position)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })
  it('404, never 500: added to a section that is being removed', async () => {
    const { sectionIds } = await makeCourse(world.deps, { owner, sections: [[], []], published: false })
    const sectionId = sectionIds[0]
    const answers = await Promise.all([
      instructor.delete(`/api/sections/${sectionId}`),
      ...Array.from({ length: 5 }, () =>
        instructor.post('/api/lessons', { sectionId, title: 'L', type: 'text' }),
      ),
    ])
    expect(answers[0]?.status).toBe(204)
    for (const { status } of answers.slice(1)) expect([201, 404]).toContain(status)
  })
  it.each([
    [{ title: 'X' }, '/type'],
    [{ title: 'X', type: 'game' }, '/type'],
    [{ title: 'X', type: 'text', durationSeconds: -1 }, '/durationSeconds'],
    [{ title: 'X', type: 'text', colour: 'red' }, '/colour'],
  ])('400: %j is named as %s', async (wrong, path) => {
    const { sectionIds } = await makeCourse(world.deps, { owner, published: false })
    const answer = await instructor.post('/api/lessons', { sectionId: sectionIds[0], ...wrong })
    expect(answer.status).toBe(400)
    expect(answer.body.errors[0].path).toBe(path)
  })
  it('401, 403, 404: only owners change them', async () => {
    const { lessonIds, sectionIds } = await makeCourse(world.deps, { owner })
    const draft = await makeCourse(world.deps, { owner, published: false })
    const writes = [
      (client: Client, made: { sectionIds: readonly string[] }) =>
        client.post('/api/lessons', { sectionId: made.sectionIds[0], title: 'X', type: 'text' }),
      (client: Client, made: { lessonIds: readonly string[] }) =>
        client.patch(`/api/lessons/${made.lessonIds[0]}`, { title: 'X' }),
      (client: Client, made: { lessonIds: readonly string[] }) =>
        client.delete(`/api/lessons/${made.lessonIds[0]}`),
    ]
    for (const write of writes) {
      expect((await write(world.client, { lessonIds, sectionIds })).status).toBe(401)
      expect((await write(student, { lessonIds, sectionIds })).status).toBe(403)
      expect((await write(other, { lessonIds, sectionIds })).status).toBe(403)
      expect((await write(other, draft)).status).toBe(404)
    }
  })
})

describe('course_full', () => {
  it('409: the 201st section and the 2,001st lesson', async () => {
    const { id, sectionIds } = await makeCourse(world.deps, { owner, sections: [[]], published: false })
    const { pool } = world.database
    await pool.query(
      `insert into sections (id, course_id, title, position)
       select gen_random_uuid(), $1, 'Many', n from generate_series(2, 200) n`,
      [id],
    )
    await pool.query(
      `insert into lessons (id, course_id, section_id, title, type, position, created_at, updated_at)
       select gen_random_uuid(), $1, $2, 'Many', 'text', n, now(), now() from generate_series(1, 1999) n`,
      [id, sectionIds[0]],
    )
    const section = await instructor.post('/api/sections', { courseId: id, title: 'One too many' })
    expect(section).toMatchObject({ status: 409, body: { code: 'course_full' } })
    const lesson = { sectionId: sectionIds[0], title: 'The last', type: 'text' }
    expect(await instructor.post('/api/lessons', lesson)).toMatchObject({
      status: 201,
      body: { position: 2000 },
    })
    expect(await instructor.post('/api/lessons', lesson)).toMatchObject({
      status: 409,
      body: { code: 'course_full' },
    })
  })
})

describe('PUT /courses/:id/outline', () => {
  it('200: a whole new order at once, lessons in other sections too', async () => {
    const course = await makeCourse(world.deps, { owner })
    const [s1 = '', s2 = ''] = course.sectionIds
    const [a = '', b = '', c = ''] = course.lessonIds
    const { status, body } = await instructor.put(`/api/courses/${course.id}/outline`, [
      { sectionId: s2, lessonIds: [c, a] },
      { sectionId: s1, lessonIds: [b] },
    ])
    expect(status).toBe(200)
    expect(body.sections.map((section: { id: string }) => section.id)).toEqual([s2, s1])
    expect(await orderOf(course)).toEqual([
      {
        id: s2,
        position: 1,
        lessons: [
          [1, c],
          [2, a],
        ],
      },
      { id: s1, position: 2, lessons: [[1, b]] },
    ])
  })
  it('409 outline_stale: where anything is missing, twice or of another course, and nothing moves', async () => {
    const course = await makeCourse(world.deps, { owner })
    const foreign = await makeCourse(world.deps, { owner })
    const before = await orderOf(course)
    const [s1 = '', s2 = ''] = course.sectionIds
    const [a = '', b = '', c = ''] = course.lessonIds
    for (const order of [
      [],
      [{ sectionId: s1, lessonIds: [a, b, c] }],
      [
        { sectionId: s1, lessonIds: [a, b] },
        { sectionId: s2, lessonIds: [] },
      ],
      [
        { sectionId: s1, lessonIds: [a, b] },
        { sectionId: s2, lessonIds: [c, a] },
      ],
      [
        { sectionId: s1, lessonIds: [a, b] },
        { sectionId: s2, lessonIds: [foreign.lessonIds[0]] },
      ],
    ]) {
      const answer = await instructor.put(`/api/courses/${course.id}/outline`, order)
      expect(answer).toMatchObject({ status: 409, body: { code: 'outline_stale' } })
    }
    expect(await orderOf(course)).toEqual(before)
  })
  it('400: a body that is no order', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    expect((await instructor.put(`/api/courses/${id}/outline`, { sections: [] })).status).toBe(400)
    expect(
      (await instructor.put(`/api/courses/${id}/outline`, [{ sectionId: 'x', lessonIds: [] }])).status,
    ).toBe(400)
  })
  it('two orders at once: each is whole, the later one stands', async () => {
    const course = await makeCourse(world.deps, { owner, sections: [[{}, {}, {}, {}]] })
    const sectionId = course.sectionIds[0]
    const orders = [course.lessonIds, course.lessonIds.toReversed()]
    const answers = await Promise.all(
      orders.map((lessonIds) =>
        instructor.put(`/api/courses/${course.id}/outline`, [{ sectionId, lessonIds }]),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const { body } = await instructor.get(`/api/lessons/${sectionId}`)
    const ids = body.items.map((item: { id: string }) => item.id)
    expect(orders).toContainEqual(ids)
  })
})
