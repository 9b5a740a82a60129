import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { makeMediaRow } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from './factory.ts'
import { findUsesOfMedia } from './material-queries.ts'
import { showsMedia } from './shows-media.ts'

let world: World
let owner: Person
let outsider: Person
let instructor: Client
let other: Client
let student: Client
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  outsider = await makePerson(world.deps, { role: 'instructor' })
  instructor = world.client.as(owner.accessToken)
  other = world.client.as(outsider.accessToken)
  student = world.client.as((await makePerson(world.deps)).accessToken)
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
})
afterAll(() => world.close())

/** As a prepared statement is planned in the end; the tables of a test are so small that reading them whole is cheapest. */
async function planOf(text: string): Promise<string> {
  const client = await world.database.pool.connect()
  try {
    await client.query('begin; set local enable_seqscan = off')
    const { rows } = await client.query(`explain (generic_plan) ${text}`)
    await client.query('rollback')
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    client.release()
  }
}

const media = (wish: Parameters<typeof makeMediaRow>[2] = {}, person = owner) =>
  makeMediaRow(world, person, wish)

describe('the file of a lesson', () => {
  it('201: a video lesson plays it, as long as it is', async () => {
    const { sectionIds } = await makeCourse(world.deps, { owner })
    const mediaId = await media({ seconds: 90.6 })
    const lesson = { sectionId: sectionIds[0], title: 'Watch', type: 'video', mediaId }
    const made = await instructor.post('/api/lessons', lesson)
    expect(made).toMatchObject({ status: 201, body: { mediaId, durationSeconds: 91 } })
    const said = await instructor.post('/api/lessons', { ...lesson, durationSeconds: 60 })
    expect(said.body.durationSeconds).toBe(60)
    const seen = async (client: Client) =>
      (await client.get(`/api/lessons/${sectionIds[0]}`)).body.items.at(-1)
    expect((await seen(instructor)).mediaId).toBe(mediaId)
    expect(await seen(student)).not.toHaveProperty('mediaId')
  })
  it('200: another file brings its length, null takes it away', async () => {
    const { lessonIds } = await makeCourse(world.deps, { owner, sections: [[{ type: 'video' }]] })
    const change = (body: object) => instructor.patch(`/api/lessons/${lessonIds[0]}`, body)
    const first = await media({ seconds: 10 })
    const second = await media({ kind: 'audio', seconds: 20 })
    expect((await change({ mediaId: first })).body).toMatchObject({ mediaId: first, durationSeconds: 10 })
    expect((await change({ mediaId: second })).body).toMatchObject({ mediaId: second, durationSeconds: 20 })
    expect((await change({ mediaId: second, durationSeconds: 5 })).body.durationSeconds).toBe(5)
    expect((await change({ title: 'Renamed' })).body).toMatchObject({ mediaId: second, durationSeconds: 5 })
    expect((await change({ mediaId: null })).body).not.toHaveProperty('mediaId')
  })
  it('200: it may stay when another instructor saves the lesson', async () => {
    const { lessonIds } = await makeCourse(world.deps, { owner, sections: [[{ type: 'file' }]] })
    const mine = await media({ kind: 'document' })
    await instructor.patch(`/api/lessons/${lessonIds[0]}`, { mediaId: mine })
    const answer = await admin.patch(`/api/lessons/${lessonIds[0]}`, { mediaId: mine, title: 'Saved' })
    expect(answer).toMatchObject({ status: 200, body: { mediaId: mine, title: 'Saved' } })
  })
  it('400: names /mediaId for what does not fit, is not there, not ready or not theirs; nothing changes', async () => {
    const { lessonIds, sectionIds } = await makeCourse(world.deps, {
      owner,
      sections: [[{ type: 'video' }, { type: 'text' }, { type: 'quiz' }]],
    })
    const [video, text, quiz] = lessonIds
    for (const [lessonId, mediaId] of [
      [video, await media({ kind: 'document' })],
      [video, await media({ kind: 'image' })],
      [text, await media()],
      [quiz, await media()],
      [video, newId()],
      [video, await media({ status: 'failed' })],
      [video, await media({}, outsider)],
      [video, 'no-id'],
    ]) {
      const answer = await instructor.patch(`/api/lessons/${lessonId}`, { mediaId, title: 'Changed' })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/mediaId' }] } })
    }
    const added = { sectionId: sectionIds[0], title: 'X', type: 'text', mediaId: await media() }
    expect((await instructor.post('/api/lessons', added)).body.errors[0].path).toBe('/mediaId')
    const { body } = await instructor.get(`/api/lessons/${sectionIds[0]}`)
    expect(body.items.map(({ title }: { title: string }) => title)).toEqual([
      'Lesson 1',
      'Lesson 2',
      'Lesson 3',
    ])
  })
  it('400 /type: a lesson keeps its file only where that fits its new type', async () => {
    const { lessonIds } = await makeCourse(world.deps, { owner, sections: [[{ type: 'video' }]] })
    const change = (body: object) => instructor.patch(`/api/lessons/${lessonIds[0]}`, body)
    const mediaId = await media()
    await change({ mediaId })
    expect((await change({ type: 'text' })).body.errors[0].path).toBe('/type')
    expect((await change({ type: 'file' })).body).toMatchObject({ type: 'file', mediaId })
    expect((await change({ type: 'text', mediaId: null })).body.type).toBe('text')
  })
})

describe('who sees a file', () => {
  it('asks as little for one that many courses share, and finds its lessons by their indexes', async () => {
    const mediaId = await media()
    const courses = await Promise.all(
      Array.from({ length: 12 }, () =>
        makeCourse(world.deps, { owner, sections: [[{}, { preview: true }]] }),
      ),
    )
    const add = (course: MadeCourse) =>
      instructor.post(`/api/lessons/${course.lessonIds[0]}/materials`, { mediaId })
    for (const course of courses) expect((await add(course)).status).toBe(201)
    world.statements.length = 0
    expect((await student.get(`/api/media/${mediaId}`)).status).toBe(404)
    expect(world.statements.length).toBeLessThanOrEqual(4)
    const asked = world.statements.filter((text) => text.includes('join lessons'))
    expect(asked).not.toEqual([])
    for (const text of asked) expect(await planOf(text)).not.toContain('Seq Scan on lessons')
  })
})

describe('sectionId of a lesson', () => {
  it('200: to the end of another section of its course, the gap closed', async () => {
    const { lessonIds, sectionIds, id } = await makeCourse(world.deps, { owner })
    const moved = await instructor.patch(`/api/lessons/${lessonIds[0]}`, { sectionId: sectionIds[1] })
    expect(moved).toMatchObject({ status: 200, body: { sectionId: sectionIds[1], position: 2 } })
    const { body } = await instructor.get(`/api/courses/${id}`)
    expect(
      body.sections.map(({ lessons }: { lessons: { id: string; position: number }[] }) =>
        lessons.map((lesson) => [lesson.id, lesson.position]),
      ),
    ).toEqual([
      [[lessonIds[1], 1]],
      [
        [lessonIds[2], 1],
        [lessonIds[0], 2],
      ],
    ])
  })
  it('400: names it where the section is of another course, or of none; nothing moves', async () => {
    const { lessonIds, id } = await makeCourse(world.deps, { owner })
    const foreign = await makeCourse(world.deps, { owner })
    const before = (await instructor.get(`/api/courses/${id}`)).body
    for (const sectionId of [foreign.sectionIds[0], newId()]) {
      const answer = await instructor.patch(`/api/lessons/${lessonIds[0]}`, { sectionId, title: 'Moved' })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/sectionId' }] } })
    }
    const answer = await instructor.patch(`/api/lessons/${lessonIds[0]}`, { courseId: foreign.id })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/courseId' }] } })
    expect((await instructor.get(`/api/courses/${id}`)).body).toEqual(before)
  })
})

describe('materials', () => {
  const attach = (lessonId: string | undefined, body: object, client = instructor) =>
    client.post(`/api/lessons/${lessonId}/materials`, body)

  it('201: in order, named as the file unless said; 204: taken away, the gap closed', async () => {
    const { lessonIds, id } = await makeCourse(world.deps, { owner })
    const mediaId = await media({ kind: 'document', name: 'notes.pdf', contentType: 'application/pdf' })
    const one = await attach(lessonIds[0], { mediaId })
    expect(one).toMatchObject({
      status: 201,
      body: {
        lessonId: lessonIds[0],
        title: 'notes.pdf',
        position: 1,
        media: { id: mediaId, kind: 'document', contentType: 'application/pdf', url: expect.any(String) },
      },
    })
    const two = await attach(lessonIds[0], { mediaId, title: ' The notes ' })
    expect(two.body).toMatchObject({ title: 'The notes', position: 2 })
    expect((await instructor.delete(`/api/materials/${one.body.id}`)).status).toBe(204)
    expect((await instructor.delete(`/api/materials/${one.body.id}`)).status).toBe(404)
    const { body } = await instructor.get(`/api/courses/${id}/lessons/${lessonIds[0]}`)
    expect(body.materials).toMatchObject([{ id: two.body.id, position: 1, media: { id: mediaId } }])
  })
  it('201: ten at once get ten places', async () => {
    const { lessonIds } = await makeCourse(world.deps, { owner })
    const mediaId = await media()
    const answers = await Promise.all(Array.from({ length: 10 }, () => attach(lessonIds[0], { mediaId })))
    expect(answers.map(({ body }) => body.position).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })
  it('409 materials_full: the 51st', async () => {
    const { id, lessonIds } = await makeCourse(world.deps, { owner })
    const mediaId = await media()
    await world.database.pool.query(
      `insert into materials (id, lesson_id, media_id, position, created_at)
       select gen_random_uuid(), $1, $2, n, now() from generate_series(1, 50) n`,
      [lessonIds[0], mediaId],
    )
    const answer = await attach(lessonIds[0], { mediaId })
    expect(answer).toMatchObject({ status: 409, body: { code: 'materials_full' } })
    const { body } = await instructor.get(`/api/courses/${id}/lessons/${lessonIds[0]}`)
    expect(body.materials).toHaveLength(50)
  })
  it('400, 401, 403, 404', async () => {
    const { lessonIds } = await makeCourse(world.deps, { owner })
    const draft = await makeCourse(world.deps, { owner, published: false })
    const mediaId = await media()
    const { body: made } = await attach(lessonIds[0], { mediaId })
    for (const body of [{}, { mediaId: newId() }, { mediaId: 'x' }])
      expect((await attach(lessonIds[0], body)).body.errors[0].path).toBe('/mediaId')
    const foreign = await media({}, outsider)
    expect((await attach(lessonIds[0], { mediaId: foreign })).body.errors[0].path).toBe('/mediaId')
    expect((await attach(lessonIds[0], { mediaId, title: '' })).body.errors[0].path).toBe('/title')
    expect((await attach(newId(), { mediaId })).status).toBe(404)
    expect((await attach(lessonIds[0], { mediaId }, world.client)).status).toBe(401)
    for (const client of [student, other]) {
      expect((await attach(lessonIds[0], { mediaId }, client)).status).toBe(403)
      expect((await client.delete(`/api/materials/${made.id}`)).status).toBe(403)
    }
    expect((await attach(draft.lessonIds[0], { mediaId }, other)).status).toBe(404)
    expect((await world.client.delete(`/api/materials/${made.id}`)).status).toBe(401)
    expect((await instructor.delete(`/api/materials/${newId()}`)).status).toBe(404)
  })
})

describe('who sees a file because of the catalogue', () => {
  it('the owners of a course with it, as a lesson or a material; nobody else by this', async () => {
    const { lessonIds, id } = await makeCourse(world.deps, { owner, sections: [[{ type: 'video' }]] })
    const [plays, attached, unused] = [await media(), await media(), await media()]
    await instructor.patch(`/api/lessons/${lessonIds[0]}`, { mediaId: plays })
    await instructor.post(`/api/lessons/${lessonIds[0]}/materials`, { mediaId: attached })
    const { db, clock } = world.deps
    const actor = (person: Person) => ({
      userId: person.id,
      role: person.role,
      sessionId: null,
      at: clock.now(),
    })
    for (const mediaId of [plays, attached]) {
      expect(await showsMedia(db, actor(owner), mediaId)).toBe(true)
      expect(await showsMedia(db, actor(outsider), mediaId)).toBe(false)
      expect(await showsMedia(db, null, mediaId)).toBe(false)
      expect(await findUsesOfMedia(db, mediaId)).toEqual([
        { lessonId: lessonIds[0], courseId: id, isOpen: false },
      ])
    }
    expect(await showsMedia(db, actor(owner), unused)).toBe(false)
  })
})
