import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { type MadeCourse, makeCourse } from './factory.ts'

let world: World
let owner: Person
let second: Person
let instructor: Client
let assistant: Client
let student: Client
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor', name: 'Mira Sen' })
  second = await makePerson(world.deps, { role: 'instructor', name: 'Jan Bos' })
  instructor = as(owner)
  assistant = as(second)
  student = as(await makePerson(world.deps))
  admin = as(await makePerson(world.deps, { role: 'admin' }))
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

async function mailsTo(person: Person) {
  await world.drain()
  return world.mails.filter(({ to }) => to === person.email)
}

describe('PUT /courses/:id/visibility', () => {
  const hide = (id: string, reason = 'Not yours to show.') =>
    admin.put(`/api/courses/${id}/visibility`, { hidden: true, reason })
  const show = (id: string) => admin.put(`/api/courses/${id}/visibility`, { hidden: false })

  it('200: gone for strangers, there for owners with the reason, and for those enrolled without it', async () => {
    const course = await makeCourse(world.deps, {
      owner,
      title: 'Hidden thing',
      sections: [[{ preview: true }]],
    })
    const { student: enrolled } = await makeEnrollment(world.deps, { courseId: course.id })
    expect(await hide(course.id)).toMatchObject({
      status: 200,
      body: { status: 'published', hidden: true, hiddenReason: 'Not yours to show.' },
    })
    for (const client of [world.client, student]) {
      for (const path of [
        `/api/courses/${course.id}`,
        '/api/courses/hidden-thing',
        `/api/sections/${course.id}`,
        `/api/lessons/${course.sectionIds[0]}`,
        `/api/courses/${course.id}/lessons/${course.lessonIds[0]}`,
      ])
        expect((await client.get(path)).status, path).toBe(404)
      expect((await client.get('/api/courses?q=hidden+thing')).body.items).toEqual([])
    }
    const seen = await as(enrolled).get(`/api/courses/${course.id}`)
    expect(seen).toMatchObject({ status: 200, body: { hidden: true } })
    expect(seen.body).not.toHaveProperty('hiddenReason')
    expect((await as(enrolled).get(`/api/courses/${course.id}/outline`)).status).toBe(200)
    for (const client of [instructor, admin])
      expect((await client.get(`/api/courses/${course.id}`)).body.hiddenReason).toBe('Not yours to show.')
    const mine = (await instructor.get('/api/courses/mine')).body.items
    expect(mine.find(({ id }: { id: string }) => id === course.id).hiddenReason).toBe('Not yours to show.')

    expect((await show(course.id)).body).toMatchObject({ hidden: false })
    expect((await world.client.get(`/api/courses/${course.id}`)).body).not.toHaveProperty('hiddenReason')
    expect((await world.client.get('/api/courses?q=hidden+thing')).body.items).toHaveLength(1)
  })
  it('takes nobody in: 404 for strangers, 409 course_hidden for owners who grant', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const friend = await makePerson(world.deps)
    await hide(id)
    expect((await student.post('/api/enrollments', { courseId: id })).status).toBe(404)
    const grant = await instructor.post(`/api/courses/${id}/enrollments`, { userId: friend.id })
    expect(grant).toMatchObject({ status: 409, body: { code: 'course_hidden' } })
    const csv = new Blob([`email\n${friend.email}\n`], { type: 'text/csv' })
    const imported = await instructor.post(`/api/courses/${id}/enrollments/import`, csv)
    expect(imported).toMatchObject({ status: 409, body: { code: 'course_hidden' } })
    await show(id)
    expect((await student.post('/api/enrollments', { courseId: id })).status).toBe(201)
  })
  it('goes with a copy, whoever makes it: what was hidden is not shown anew', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'Hidden twice' })
    await hide(id, 'Not yours to show.')
    for (const client of [instructor, admin]) {
      const copied = await client.post(`/api/courses/${id}/duplicate`)
      expect(copied).toMatchObject({
        status: 201,
        body: { status: 'draft', hidden: true, hiddenReason: 'Not yours to show.' },
      })
      const path = `/api/courses/${copied.body.id}`
      expect((await client.post(`${path}/publish`)).body).toMatchObject({ status: 'published', hidden: true })
      expect((await world.client.get(path)).status).toBe(404)
      expect((await student.post('/api/enrollments', { courseId: copied.body.id })).status).toBe(404)
      expect((await show(copied.body.id)).body.hidden).toBe(false)
      expect((await world.client.get(path)).status).toBe(200)
    }
    expect((await world.client.get(`/api/courses/${id}`)).status).toBe(404)
  })
  it('tells each instructor by one mail, when it is hidden and when it is shown, and not when nothing changes', async () => {
    const lead = await makePerson(world.deps, { role: 'instructor' })
    const { id } = await makeCourse(world.deps, { owner: lead, title: 'Tell me' })
    await hide(id, 'Broken links.')
    await hide(id, 'Broken links.')
    const [mail, ...more] = (await mailsTo(lead)).filter(({ subject }) => subject.includes('Tell me'))
    expect(more).toEqual([])
    expect(mail?.subject).toBe('Your course “Tell me” is hidden')
    expect(mail?.text).toContain('Broken links.')
    await show(id)
    await show(id)
    const subjects = (await mailsTo(lead)).map(({ subject }) => subject)
    expect(subjects.filter((subject) => subject.includes('shown again'))).toHaveLength(1)
    const { rows } = await world.database.pool.query(
      `select type from events where payload->>'courseId' = $1 and type in ('course.hidden', 'course.shown') order by id`,
      [id],
    )
    expect(rows).toEqual([{ type: 'course.hidden' }, { type: 'course.shown' }])
  })
  it('400 without a reason, 401, 403 for others than admins, 404', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const path = `/api/courses/${id}/visibility`
    for (const body of [{ hidden: true }, { hidden: true, reason: '  ' }, { hidden: true, reason: null }])
      expect((await admin.put(path, body)).body.errors[0].path).toBe('/reason')
    expect((await admin.put(path, { reason: 'X' })).body.errors[0].path).toBe('/hidden')
    expect((await world.client.put(path, { hidden: false })).status).toBe(401)
    for (const client of [instructor, student])
      expect((await client.put(path, { hidden: false })).status).toBe(403)
    expect((await show(newId())).status).toBe(404)
    expect((await world.client.get(`/api/courses/${id}`)).body.hidden).toBe(false)
  })
})

describe('PUT /courses/:id/instructors', () => {
  let course: MadeCourse
  beforeEach(async () => {
    course = await makeCourse(world.deps, { owner, price: { amount: 100, currency: 'EUR' } })
  })
  const assign = (...parts: [string, string][]) =>
    admin.put(
      `/api/courses/${course.id}/instructors`,
      parts.map(([userId, role]) => ({ userId, role })),
    )

  it('200: these and no others; who is taken off has no part any more', async () => {
    const answer = await assign([second.id, 'lead'])
    expect(answer).toMatchObject({ status: 200, body: { instructors: [{ id: second.id, role: 'lead' }] } })
    expect((await instructor.patch(`/api/courses/${course.id}`, { title: 'X' })).status).toBe(403)
    const both = await assign([owner.id, 'assistant'], [second.id, 'lead'])
    expect(both.body.instructors.map(({ id, role }: Record<string, string>) => [id, role])).toEqual([
      [second.id, 'lead'],
      [owner.id, 'assistant'],
    ])
    const { rows } = await world.database.pool.query(
      `select payload from events where type = 'course.assigned' and payload->>'courseId' = $1 order by id`,
      [course.id],
    )
    const part = ({ id }: { id: string }, role: string) => ({ userId: id, role })
    expect(rows.map(({ payload }: { payload: object }) => payload)).toEqual([
      {
        courseId: course.id,
        ...{ from: [part(owner, 'lead')], to: [part(second, 'lead')] },
        ...{ added: [second.id], removed: [owner.id], changed: [second.id, owner.id] },
      },
      {
        courseId: course.id,
        ...{ from: [part(second, 'lead')], to: [part(owner, 'assistant'), part(second, 'lead')] },
        ...{ added: [owner.id], removed: [], changed: [owner.id] },
      },
    ])
  })
  it('an assistant edits what the course holds and sees its roster', async () => {
    await assign([owner.id, 'lead'], [second.id, 'assistant'])
    const path = `/api/courses/${course.id}`
    expect((await assistant.patch(path, { title: 'Better' })).status).toBe(200)
    const section = await assistant.post('/api/sections', { courseId: course.id, title: 'More' })
    expect(section.status).toBe(201)
    const lesson = { sectionId: section.body.id, title: 'L', type: 'text' }
    expect((await assistant.post('/api/lessons', lesson)).status).toBe(201)
    expect((await assistant.delete(`/api/sections/${section.body.id}`)).status).toBe(204)
    expect((await assistant.get(`${path}/enrollments`)).status).toBe(200)
    expect((await assistant.get('/api/courses/mine')).body.items[0].id).toBe(course.id)
  })
  it('403: an assistant does not price, rename, publish, delete or duplicate it, nor let people in', async () => {
    await assign([owner.id, 'lead'], [second.id, 'assistant'])
    const path = `/api/courses/${course.id}`
    const friend = await makePerson(world.deps)
    for (const answer of [
      await assistant.patch(path, { price: { amount: 1, currency: 'EUR' } }),
      await assistant.put(path, { title: 'Free now' }),
      await assistant.patch(path, { slug: 'mine-now' }),
      await assistant.post(`${path}/publish`),
      await assistant.post(`${path}/unpublish`),
      await assistant.delete(path),
      await assistant.post(`${path}/enrollments`, { userId: friend.id }),
      await assistant.post('/api/coupons', { code: `C-${newId()}`, percentOff: 10, courseId: course.id }),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const same = { title: 'Same price', price: { amount: 100, currency: 'EUR' } }
    expect((await assistant.put(path, same)).status).toBe(200)
  })
  it('400: names who cannot teach, and nothing changes', async () => {
    const learner = await makePerson(world.deps)
    for (const [parts, path] of [
      [[[owner.id, 'assistant']], ''],
      [
        [
          [owner.id, 'lead'],
          [newId(), 'assistant'],
        ],
        '/1/userId',
      ],
      [[[learner.id, 'lead']], '/0/userId'],
      [
        [
          [owner.id, 'lead'],
          [owner.id, 'assistant'],
        ],
        '/1/userId',
      ],
      [[[owner.id, 'boss']], '/0/role'],
      [[], ''],
    ] as [[string, string][], string][]) {
      const answer = await assign(...parts)
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
    }
    expect((await instructor.get(`/api/courses/${course.id}`)).body.instructors).toHaveLength(1)
  })
  it('401, 403 for others than admins, 404', async () => {
    const path = `/api/courses/${course.id}/instructors`
    const body = [{ userId: owner.id, role: 'lead' }]
    expect((await world.client.put(path, body)).status).toBe(401)
    for (const client of [instructor, student]) expect((await client.put(path, body)).status).toBe(403)
    expect((await admin.put(`/api/courses/${newId()}/instructors`, body)).status).toBe(404)
  })
})
