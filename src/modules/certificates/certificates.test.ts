import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makePayment } from '../payments/factory.ts'
import { makeCertificate } from './factory.ts'

let world: World
let admin: Person
beforeAll(async () => {
  world = await createWorld()
  admin = await makePerson(world.deps, { role: 'admin' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const generate = (person: Person, courseId: string) =>
  as(person).post('/api/certificates/generate', { courseId })
const mine = async (person: Person) => (await as(person).get('/api/certificates/my')).body.items

async function completeAll(student: Person, courseId: string, lessonIds: readonly string[]) {
  await as(student).post('/api/enrollments', { courseId })
  for (const lessonId of lessonIds) await as(student).post('/api/progress/lesson', { lessonId })
}

async function eventsOf(type: string, userId: string): Promise<number> {
  const { rows } = await world.database.pool.query(
    "select 1 from events where type = $1 and payload->>'userId' = $2",
    [type, userId],
  )
  return rows.length
}

describe('completion', () => {
  it('issues one certificate by itself, with what was true then', async () => {
    const { id, lessonIds, owner } = await makeCourse(world.deps, { title: 'Knots that hold' })
    const student = await makePerson(world.deps, { name: 'Łucja Müller' })
    await completeAll(student, id, lessonIds)
    await world.drain()
    const [certificate, ...others] = await mine(student)
    expect(others).toEqual([])
    expect(certificate).toEqual({
      id: expect.any(String),
      code: expect.stringMatching(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}-[0-9A-Z]{6}$/),
      courseId: id,
      courseTitle: 'Knots that hold',
      holder: 'Łucja Müller',
      completedAt: world.clock.now().toISOString(),
      issuedAt: world.clock.now().toISOString(),
      revoked: false,
      downloadUrl: `http://lectern.test/api/certificates/${certificate.id}/download`,
      verifyUrl: `http://lectern.test/verify/${certificate.code}`,
    })
    expect(await eventsOf('certificate.issued', student.id)).toBe(1)

    await as(student).patch('/api/users/me', { name: 'Somebody else' })
    await as(owner).patch(`/api/courses/${id}`, { title: 'Ropes' })
    expect(await mine(student)).toEqual([certificate])
    expect((await generate(student, id)).body).toEqual(certificate)
  })

  it('issues one, however often it is told and asked for at the same moment', async () => {
    const { student, courseId } = await makeEnrollment(world.deps, { status: 'completed' })
    const answers = await Promise.all([
      world.drain(),
      ...Array.from({ length: 6 }, () => generate(student, courseId)),
    ])
    const asked = answers.flatMap((answer) => (answer ? [answer] : []))
    for (const { status } of asked) expect([200, 201]).toContain(status)
    expect(asked.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1)
    expect(new Set(asked.map(({ body }) => body.code)).size).toBe(1)
    await world.database.pool.query(
      `select graphile_worker.add_job('dispatch-event', json_build_object('eventId', id)) from events
       where type = 'enrollment.completed'`,
    )
    await world.drain()
    expect(await mine(student)).toHaveLength(1)
    expect(await eventsOf('certificate.issued', student.id)).toBe(1)
  })

  it('issues none for one whose access has ended before it is told', async () => {
    const { payment, student } = await makePayment(world.deps, { captured: true })
    await world.database.pool.query(
      "update enrollments set status = 'completed', completed_at = now() where id = $1",
      [payment.enrollment_id],
    )
    await as(admin).post(`/api/payments/${payment.id}/refund`, {})
    await world.drain()
    const fact = { enrollmentId: payment.enrollment_id, courseId: payment.course_id, userId: student.id }
    await world.database.pool.query(
      `with fact as (insert into events (id, type, occurred_at, payload) values ($1, 'enrollment.completed', now(), $2) returning id)
       select graphile_worker.add_job('dispatch-event', json_build_object('eventId', id)) from fact`,
      [newId(), fact],
    )
    await world.drain()
    expect(await mine(student)).toEqual([])
  })
})

describe('POST /certificates/generate', () => {
  it('201, then 200 with the same one', async () => {
    const { student, courseId } = await makeEnrollment(world.deps, { status: 'completed' })
    const first = await generate(student, courseId)
    expect(first.status).toBe(201)
    const second = await generate(student, courseId)
    expect(second.status).toBe(200)
    expect(second.body).toEqual(first.body)
  })

  it('409 course_incomplete: with what is missing', async () => {
    const { id, lessonIds } = await makeCourse(world.deps)
    const student = await makePerson(world.deps)
    await completeAll(student, id, lessonIds.slice(1))
    const { status, body } = await generate(student, id)
    expect(status).toBe(409)
    expect(body).toMatchObject({ code: 'course_incomplete', missing: [{ lessonId: lessonIds[0] }] })
    expect(await mine(student)).toEqual([])
  })

  it('201: completes a course that has become shorter', async () => {
    const { id, lessonIds, owner } = await makeCourse(world.deps)
    const student = await makePerson(world.deps)
    await completeAll(student, id, lessonIds.slice(1))
    await as(owner).delete(`/api/lessons/${lessonIds[0]}`)
    expect((await generate(student, id)).status).toBe(201)
    await world.drain()
    expect(await mine(student)).toHaveLength(1)
  })

  it('200: the same one, after the course has become longer', async () => {
    const { id, lessonIds, owner, sectionIds } = await makeCourse(world.deps)
    const student = await makePerson(world.deps)
    await completeAll(student, id, lessonIds)
    await world.drain()
    await as(owner).post('/api/lessons', { sectionId: sectionIds[0], title: 'One more', type: 'text' })
    expect((await generate(student, id)).status).toBe(200)
  })

  it('403 not_enrolled: not in the course; 404: a draft, or no course', async () => {
    const student = await makePerson(world.deps)
    const stranger = await generate(student, (await makeCourse(world.deps)).id)
    expect(stranger).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })
    expect((await generate(student, (await makeCourse(world.deps, { published: false })).id)).status).toBe(
      404,
    )
    expect((await generate(student, newId())).status).toBe(404)
  })

  it('400: no course, or one that can be none', async () => {
    const student = await makePerson(world.deps)
    for (const body of [{}, { courseId: 'x' }, { courseId: newId(), holder: 'Dr. No' }])
      expect((await as(student).post('/api/certificates/generate', body)).status).toBe(400)
  })
})

describe('POST /certificates/:id/revoke', () => {
  const revoke = (id: string, body?: object) => as(admin).post(`/api/certificates/${id}/revoke`, body)

  it('200: for good, and the first reason stands', async () => {
    const { certificate, student } = await makeCertificate(world.deps)
    const first = await revoke(certificate.id, { reason: 'Somebody else sat the exam.' })
    expect(first).toMatchObject({
      status: 200,
      body: { revoked: true, revokeReason: 'Somebody else sat the exam.', revokedAt: expect.any(String) },
    })
    const second = await revoke(certificate.id)
    expect(second).toMatchObject({ status: 200, body: first.body })
    expect(await eventsOf('certificate.revoked', student.id)).toBe(1)
    expect(await generate(student, certificate.course_id)).toMatchObject({ status: 200, body: first.body })
  })

  it('200 without a body; 400: a reason that says nothing', async () => {
    const { certificate } = await makeCertificate(world.deps)
    expect((await revoke(certificate.id, { reason: ' ' })).status).toBe(400)
    expect((await revoke(certificate.id)).body.revokeReason).toBe('revoked_by_admin')
  })

  it('403: not even the instructor; 404: there is none', async () => {
    const { certificate, student } = await makeCertificate(world.deps)
    expect((await as(student).post(`/api/certificates/${certificate.id}/revoke`)).status).toBe(403)
    expect((await revoke(newId())).status).toBe(404)
  })
})

describe('a full refund of a completed course', () => {
  it('revokes the certificate; completed again, it is another one', async () => {
    const { payment, student } = await makePayment(world.deps, { captured: true })
    const { course_id: courseId } = payment
    const { rows } = await world.database.pool.query('select id from lessons where course_id = $1', [
      courseId,
    ])
    await completeAll(
      student,
      courseId,
      rows.map(({ id }) => id),
    )
    await world.drain()
    const [first] = await mine(student)
    expect(first.revoked).toBe(false)

    await as(admin).post(`/api/payments/${payment.id}/refund`, {})
    await world.drain()
    expect(await mine(student)).toMatchObject([{ id: first.id, revoked: true, revokeReason: 'access_ended' }])

    await makePayment(world.deps, { student, courseId, captured: true })
    await completeAll(
      student,
      courseId,
      rows.map(({ id }) => id),
    )
    await world.drain()
    const [second, ...older] = await mine(student)
    expect(second).toMatchObject({ revoked: false })
    expect(second.code).not.toBe(first.code)
    expect(older).toMatchObject([{ id: first.id, revoked: true }])
  })
})

describe('lists', () => {
  it('GET /certificates/my: pages, newest first, one’s own only', async () => {
    const student = await makePerson(world.deps)
    for (let i = 0; i < 3; i++) await makeCertificate(world.deps, { student })
    await makeCertificate(world.deps)
    world.statements.length = 0
    const first = await as(student).get('/api/certificates/my?limit=2')
    expect(world.statements.length).toBe(1)
    const rest = await as(student).get(`/api/certificates/my?limit=2&cursor=${first.body.nextCursor}`)
    const ids = [...first.body.items, ...rest.body.items].map(({ id }) => id)
    expect(ids).toHaveLength(3)
    expect(ids).toEqual(ids.toSorted().toReversed())
    expect(rest.body.nextCursor).toBeNull()
  })

  it('GET /certificates: an admin finds those of a person or a course', async () => {
    const { certificate, student } = await makeCertificate(world.deps)
    for (const filter of [`userId=${student.id}`, `courseId=${certificate.course_id}`]) {
      const { body } = await as(admin).get(`/api/certificates?${filter}`)
      expect(body.items).toMatchObject([{ id: certificate.id }])
    }
    expect((await as(student).get('/api/certificates')).status).toBe(403)
  })

  it('GET /certificates?courseId=: an owner finds those of the course, page by page, and of nobody else’s', async () => {
    const { id: courseId, owner } = await makeCourse(world.deps)
    const path = `/api/certificates?courseId=${courseId}`
    for (let i = 0; i < 3; i++) await makeCertificate(world.deps, { courseId })
    const { certificate } = await makeCertificate(world.deps)
    world.statements.length = 0
    const first = await as(owner).get(`${path}&limit=2`)
    expect(world.statements.length).toBe(2)
    const rest = await as(owner).get(`${path}&limit=2&cursor=${first.body.nextCursor}`)
    expect([...first.body.items, ...rest.body.items].map((item) => item.courseId)).toEqual(
      Array.from({ length: 3 }, () => courseId),
    )
    expect(rest.body.nextCursor).toBeNull()
    expect(await as(owner).get('/api/certificates')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/courseId' }] },
    })
    expect((await as(owner).get(`/api/certificates?courseId=${certificate.course_id}`)).status).toBe(403)
    expect((await as(owner).get(`/api/certificates?courseId=${newId()}`)).status).toBe(404)
    const draft = await makeCourse(world.deps, { published: false })
    expect((await as(owner).get(`/api/certificates?courseId=${draft.id}`)).status).toBe(404)
    expect((await world.client.get(path)).status).toBe(401)
  })
})

describe('a person who deletes their account', () => {
  it('has the certificates in the archive; afterwards they stand, without the name', async () => {
    const student = await makePerson(world.deps, { name: 'Vera Vergessen' })
    const { certificate } = await makeCertificate(world.deps, { student })
    await world.drain()
    const archive = await as(student).get('/api/users/me/export')
    expect(archive.body.certificates.certificates).toMatchObject([
      { id: certificate.id, holder: 'Vera Vergessen', token: certificate.token },
    ])
    await as(student).delete('/api/users/me', { password: student.password })
    await world.drain()
    const { body } = await world.client.get(`/api/certificates/verify/${certificate.code}`)
    expect(body).toMatchObject({ valid: true, holder: 'Deleted user', course: certificate.course_title })
    const claims = JSON.parse(Buffer.from(body.token.split('.')[1], 'base64url').toString())
    expect(claims.holder).toBe('Deleted user')
    const kept = await world.database.pool.query('select certificates::text as row from certificates')
    expect(JSON.stringify(kept.rows)).not.toContain('Vergessen')
  })

  it('leaves no name behind, also where a certificate is issued at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const student = await makePerson(world.deps, { name: 'Rasha Raced' })
      const { courseId } = await makeEnrollment(world.deps, { student, status: 'completed' })
      await Promise.all([
        generate(student, courseId),
        as(student).delete('/api/users/me', { password: student.password }),
        world.drain(),
      ])
      await world.drain()
    }
    const { rows } = await world.database.pool.query('select holder, token from certificates')
    const said = rows.map(({ holder, token }) => holder + Buffer.from(token.split('.')[1], 'base64url'))
    expect(said.join()).not.toContain('Raced')
  })
})
