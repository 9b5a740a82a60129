import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { type MadeEnrollment, makeEnrollment } from '../enrollments/factory.ts'

let world: World
let owner: Person
let admin: Person
let course: MadeCourse
let asha: MadeEnrollment
let ben: MadeEnrollment
let cleo: MadeEnrollment
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  admin = await makePerson(world.deps, { role: 'admin' })
  course = await makeCourse(world.deps, { owner, title: 'Bread at home' })
  const enroll = async (name: string, email: string, status: 'active' | 'cancelled') =>
    makeEnrollment(world.deps, {
      student: await makePerson(world.deps, { name, email }),
      courseId: course.id,
      status,
    })
  asha = await enroll('Asha Rao', 'asha@example.org', 'active')
  ben = await enroll('=HYPERLINK("x"), Ben', 'ben.two@example.org', 'active')
  cleo = await enroll('Cleo', 'cleo@example.org', 'cancelled')
  const lessonId = course.lessonIds[0]
  await as(asha.student).post('/api/progress/lesson', { lessonId, completed: true })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const roster = (by: Person, query = '', id = course.id) =>
  as(by).get(`/api/courses/${id}/enrollments${query}`)
const idsOf = async (query: string) =>
  (await roster(owner, query)).body.items.map((item: { id: string }) => item.id)

describe('GET /courses/:id/enrollments', () => {
  it('200: who is in the course, newest first, with person, source and progress, in three statements', async () => {
    await roster(owner)
    world.statements.length = 0
    const { status, body } = await roster(owner)
    expect(world.statements).toHaveLength(3)
    expect(status).toBe(200)
    expect(body.nextCursor).toBeNull()
    expect(body.items).toMatchObject([
      { id: cleo.id, status: 'cancelled', sources: [] },
      { id: ben.id, progress: { completedLessons: 0, totalLessons: 3, percent: 0 } },
      {
        id: asha.id,
        userId: asha.student.id,
        status: 'active',
        activatedAt: expect.any(String),
        course: { id: course.id },
        person: { id: asha.student.id, name: 'Asha Rao', email: 'asha@example.org' },
        sources: ['free'],
        progress: { completedLessons: 1, totalLessons: 3, percent: 33 },
      },
    ])
  })
  it('200: by state, by how a word begins, by page', async () => {
    expect(await idsOf('?status=active')).toEqual([ben.id, asha.id])
    expect(await idsOf('?status=completed')).toEqual([])
    for (const q of ['rao', 'ASHA', 'asha@example.org', 'asha r'])
      expect(await idsOf(`?q=${q}`)).toEqual([asha.id])
    expect(await idsOf('?q=two')).toEqual([ben.id])
    expect(await idsOf('?q=example&status=cancelled')).toEqual([cleo.id])
    for (const q of ['sha', '%25', 'nobody']) expect(await idsOf(`?q=x${q}`)).toEqual([])
    const first = await roster(owner, '?limit=2')
    expect(await idsOf(`?limit=2&cursor=${first.body.nextCursor}`)).toEqual([asha.id])
  })
  it('200: all as CSV, in which no cell starts a formula', async () => {
    const answer = await as(admin).get(`/api/courses/${course.id}/enrollments?status=active&limit=1`, {
      headers: { accept: 'text/csv' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="roster-bread-at-home.csv"')
    const at = world.clock.now().toISOString()
    expect(answer.body.split('\r\n')).toEqual([
      'name,email,status,sources,percent,enrolledAt,activatedAt,completedAt,cancelledAt,userId,enrollmentId',
      `"'=HYPERLINK(""x""), Ben",ben.two@example.org,active,free,0,${at},${at},,,${ben.student.id},${ben.id}`,
      `Asha Rao,asha@example.org,active,free,33,${at},${at},,,${asha.student.id},${asha.id}`,
      '',
    ])
  })
  it('200: CSV of thousands, each once, in statements by the thousand', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    await world.database.pool.query(
      `with people as (
         insert into users (id, email, name, role, created_at, updated_at)
         select gen_random_uuid(), gen_random_uuid() || '@example.org', 'Crowd', 'student', now(), now()
         from generate_series(1, 3500) returning id
       )
       insert into enrollments (id, course_id, user_id, status, created_at)
       select gen_random_uuid(), $1, id, 'pending', now() from people`,
      [id],
    )
    world.statements.length = 0
    const { body } = await as(owner).get(`/api/courses/${id}/enrollments`, {
      headers: { accept: 'text/csv' },
    })
    const lines = body.trimEnd().split('\r\n').slice(1)
    expect(lines).toHaveLength(3_500)
    expect(new Set(lines).size).toBe(3_500)
    expect(world.statements).toHaveLength(9)
  })
  it.each(['status=lost', 'q=', 'cursor=x', 'limit=0', 'who=me'])('400: %s', async (query) => {
    expect((await roster(owner, `?${query}`)).status).toBe(400)
  })
  it('401, 403, 404: for the owners alone', async () => {
    const rival = await makePerson(world.deps, { role: 'instructor' })
    const draft = await makeCourse(world.deps, { owner, published: false })
    expect((await world.client.get(`/api/courses/${course.id}/enrollments`)).status).toBe(401)
    expect((await roster(asha.student)).status).toBe(403)
    expect((await roster(rival)).status).toBe(403)
    expect((await roster(rival, '', draft.id)).status).toBe(404)
    expect((await roster(owner, '', newId())).status).toBe(404)
    expect((await roster(admin, '', draft.id)).body).toEqual({ items: [], nextCursor: null })
  })
})
