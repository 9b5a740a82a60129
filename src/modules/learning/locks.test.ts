import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type CourseWish, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { files } from '../media/factory.ts'

let world: World
let owner: Person
let film: Uint8Array
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  film = await files.mp4()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

interface Scene {
  readonly course: MadeCourse
  readonly person: Person
  readonly student: Client
  readonly enrollmentId: string
  /** Of the course's second lesson, a video. */
  readonly lessonId: string
  readonly mediaId: string
  readonly materialId: string
  readonly attachedId: string
}

/** A course of two lessons, the second a video with a body, a file and a material, and a student in it. */
async function makeScene(wish: CourseWish & { second?: object } = {}): Promise<Scene> {
  const { second = {}, ...rest } = wish
  const course = await makeCourse(world.deps, {
    owner,
    sections: [[{}, { type: 'video', body: 'SECRET-BODY', ...second }]],
    ...rest,
  })
  const [, lessonId = ''] = course.lessonIds
  const mediaId = await store(film, 'SECRET-VIDEO.mp4')
  const attachedId = await store(Buffer.from('SECRET-SHEET'), 'SECRET-SHEET.txt')
  expect((await as(owner).patch(`/api/lessons/${lessonId}`, { mediaId })).status).toBe(200)
  const material = await as(owner).post(`/api/lessons/${lessonId}/materials`, { mediaId: attachedId })
  expect(material.status).toBe(201)
  const { id: enrollmentId, student: person } = await makeEnrollment(world.deps, { courseId: course.id })
  const materialId = material.body.id as string
  return { course, person, student: as(person), enrollmentId, lessonId, mediaId, materialId, attachedId }
}

async function store(bytes: Uint8Array, name: string): Promise<string> {
  const { status, body } = await upload(as(owner), bytes, { name })
  expect(status).toBe(201)
  return body.id
}

/** As if the enrollment had begun earlier. */
const agoDays = ({ enrollmentId }: Scene, days: number) =>
  world.database.pool.query(
    `update enrollments set activated_at = activated_at - make_interval(hours => $2) where id = $1`,
    [enrollmentId, days * 24],
  )
const pageOf = ({ course, lessonId }: Scene) => `/api/courses/${course.id}/lessons/${lessonId}`
const fetchMedia = (person: Person | null, mediaId: string) =>
  (person ? as(person) : world.client).get(`/api/media/${mediaId}`)
const sees = async (person: Person | null, mediaId: string) =>
  (await fetchMedia(person, mediaId)).status === 200
const complete = ({ student, course }: Scene, lesson: number) =>
  student.post('/api/progress/lesson', { lessonId: course.lessonIds[lesson], completed: true })

/** Asks every GET route for every thing of the scene there is, and gives where its content came out. */
async function leaksTo(client: Client, scene: Scene): Promise<string[]> {
  const { course, lessonId, mediaId, materialId, attachedId, enrollmentId } = scene
  const ids = [course.id, ...course.sectionIds, lessonId, mediaId, materialId, attachedId, enrollmentId]
  const secrets = ['SECRET', mediaId, attachedId, materialId]
  const found: string[] = []
  for (const { method, url, hidden } of world.app.policies) {
    if (method !== 'GET' || hidden) continue
    for (const path of fillIn(url, ids)) {
      const { status, body } = await client.get(path)
      // Bytes, or a redirect to them, name nothing: that they are given is enough.
      const given = `${path.split('?')[0]} ${JSON.stringify(body)}`
      if (status < 400 && secrets.some((secret) => given.includes(secret)))
        found.push(url.replace('/api', ''))
    }
  }
  return [...new Set(found)].toSorted()
}

function fillIn(url: string, ids: readonly string[]): string[] {
  const name = /:\w+/.exec(url)?.[0]
  return name ? ids.flatMap((id) => fillIn(url.replace(name, id), ids)) : [url, `${url}?q=SECRET`]
}

describe.each([
  ['by an earlier lesson', { sequential: true }],
  ['by its date', { second: { availableAfterDays: 7 } }],
  ['by a quiz before it', { sequential: true, first: 'quiz' }],
] as const)('a lesson that is locked %s', (how, wish) => {
  const scene = () =>
    makeScene({
      ...wish,
      ...('first' in wish ? { sections: [[{ type: 'quiz' }, { type: 'video', body: 'SECRET-BODY' }]] } : {}),
    })

  it('gives its content by no route: not its text, its file, its materials', {
    timeout: 60_000,
  }, async () => {
    const locked = await scene()
    const stranger = await makePerson(world.deps)
    for (const client of [locked.student, as(stranger), world.client])
      expect(await leaksTo(client, locked)).toEqual([])
    for (const mediaId of [locked.mediaId, locked.attachedId])
      for (const person of [locked.person, stranger])
        expect((await fetchMedia(person, mediaId)).status).toBe(404)
  })
  it('says by which rule everywhere, and takes neither a completion nor a position', async () => {
    const locked = await scene()
    const { student, course, lessonId, materialId } = locked
    const { body } = await student.get(`/api/progress/course/${course.id}`)
    const { lock } = body.lessons[1]
    expect(lock.rule).toBe(how.includes('date') ? 'date' : how.includes('quiz') ? 'exam' : 'earlier_lesson')
    const outline = await student.get(`/api/courses/${course.id}/outline`)
    expect(outline.body.sections[0].lessons[1]).toMatchObject({ state: 'locked', lock })
    for (const path of [pageOf(locked), `/api/materials/${materialId}`])
      expect(await student.get(path)).toMatchObject({ status: 403, body: { code: 'lesson_locked', lock } })
    for (const said of [{ completed: true }, { positionSeconds: 3 }, { completed: true, positionSeconds: 3 }])
      expect(await student.post('/api/progress/lesson', { lessonId, ...said })).toMatchObject({
        status: 409,
        body: { code: 'lesson_locked', lock },
      })
    const after = await student.get(`/api/progress/course/${course.id}`)
    expect(after.body).toEqual(body)
  })
})

describe('a lesson that has opened', () => {
  it('gives its text, its file and its materials, with short-lived addresses, in two statements where others have read it', async () => {
    const scene = await makeScene({ sequential: true })
    await complete(scene, 0)
    await scene.student.get(pageOf(scene))
    world.statements.length = 0
    const { status, body } = await scene.student.get(pageOf(scene))
    expect(world.statements).toHaveLength(2)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      body: 'SECRET-BODY',
      mediaId: scene.mediaId,
      media: { id: scene.mediaId, kind: 'video', fileName: 'SECRET-VIDEO.mp4', url: expect.any(String) },
      materials: [{ id: scene.materialId, lessonId: scene.lessonId, title: 'SECRET-SHEET.txt', position: 1 }],
    })
    const material = await scene.student.get(`/api/materials/${scene.materialId}`)
    expect(material).toMatchObject({ status: 200, body: body.materials[0] })
    expect(await sees(scene.person, scene.mediaId)).toBe(true)
    expect((await fetchMedia(scene.person, scene.attachedId)).body).toBe('SECRET-SHEET')
    const { pathname, search } = new URL(body.media.url)
    expect((await world.client.get(pathname + search)).status).toBe(200)
  })
  it('is found by the same walk that finds nothing while it is locked', { timeout: 60_000 }, async () => {
    const scene = await makeScene({ sequential: true })
    await complete(scene, 0)
    expect(await leaksTo(scene.student, scene)).toEqual(
      expect.arrayContaining([
        '/courses/:courseId/lessons/:lessonId',
        '/materials/:id',
        '/media/:id',
        '/media/:id/details',
      ]),
    )
  })
  it('stays open when it is completed, whatever comes before it later', async () => {
    const scene = await makeScene({ sequential: true })
    await complete(scene, 0)
    await complete(scene, 1)
    const [sectionId] = scene.course.sectionIds
    const added = await as(owner).post('/api/lessons', { sectionId, title: 'New', type: 'text' })
    const order = [{ sectionId, lessonIds: [added.body.id, ...scene.course.lessonIds] }]
    expect((await as(owner).put(`/api/courses/${scene.course.id}/outline`, order)).status).toBe(200)
    await as(owner).patch(`/api/lessons/${scene.lessonId}`, { availableAfterDays: 30 })
    expect((await scene.student.get(pageOf(scene))).body).toMatchObject({ state: 'completed' })
    expect(await sees(scene.person, scene.mediaId)).toBe(true)
    expect((await scene.student.get(`/api/materials/${scene.materialId}`)).status).toBe(200)
  })
})

describe('days', () => {
  it('open a lesson after whole days of 24 hours from the activation', async () => {
    const scene = await makeScene({ second: { availableAfterDays: 7 } })
    const begun = world.clock.now().getTime()
    const read = () => scene.student.get(pageOf(scene))
    expect((await read()).body).toMatchObject({
      lock: { rule: 'date', opensAt: new Date(begun + 7 * 86_400_000).toISOString() },
      detail: `It opens at ${new Date(begun + 7 * 86_400_000).toISOString()}.`,
    })
    expect((await read()).body).not.toHaveProperty('lockedBy')
    await agoDays(scene, 6)
    expect((await read()).status).toBe(403)
    await agoDays(scene, 1)
    expect((await read()).status).toBe(200)
    expect(await sees(scene.person, scene.mediaId)).toBe(true)
  })
  it('hold together with the order: both are told of', async () => {
    const scene = await makeScene({ sequential: true, second: { availableAfterDays: 2 } })
    const [a] = scene.course.lessonIds
    const opensAt = new Date(world.clock.now().getTime() + 2 * 86_400_000).toISOString()
    const lock = async () => (await scene.student.get(pageOf(scene))).body.lock
    expect(await lock()).toEqual({ rule: 'earlier_lesson', lessonId: a, opensAt })
    await complete(scene, 0)
    expect(await lock()).toEqual({ rule: 'date', opensAt })
  })
})

describe('previews, owners and those who are out', () => {
  it('a preview is seen by everybody, its file and materials too, but not of a draft', async () => {
    const scene = await makeScene({ sequential: true, second: { preview: true, availableAfterDays: 7 } })
    const stranger = await makePerson(world.deps)
    for (const client of [world.client, as(stranger), scene.student]) {
      expect((await client.get(pageOf(scene))).body.media.id).toBe(scene.mediaId)
      expect((await client.get(`/api/materials/${scene.materialId}`)).status).toBe(200)
    }
    for (const person of [null, stranger, scene.person])
      expect(await sees(person, scene.attachedId)).toBe(true)
    await as(owner).post(`/api/courses/${scene.course.id}/unpublish`)
    expect(await sees(null, scene.mediaId)).toBe(false)
    expect(await sees(scene.person, scene.mediaId)).toBe(true)
    expect((await world.client.get(`/api/materials/${scene.materialId}`)).status).toBe(404)
  })
  it('GET /materials/:id: 200 for owners; 401, 403 not_enrolled, 404, 400', async () => {
    const scene = await makeScene()
    const path = `/api/materials/${scene.materialId}`
    const admin = await makePerson(world.deps, { role: 'admin' })
    for (const person of [owner, admin])
      expect((await as(person).get(path)).body).toMatchObject({ id: scene.materialId })
    expect((await world.client.get(path)).status).toBe(401)
    const rival = await makePerson(world.deps, { role: 'instructor' })
    for (const client of [as(rival), as(await makePerson(world.deps))])
      expect(await client.get(path)).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })
    expect((await scene.student.get(`/api/materials/${scene.lessonId}`)).status).toBe(404)
    expect((await scene.student.get('/api/materials/x')).status).toBe(400)
  })
  it('who has cancelled sees none of it any more', async () => {
    const scene = await makeScene()
    expect(await sees(scene.person, scene.mediaId)).toBe(true)
    await scene.student.post(`/api/enrollments/${scene.enrollmentId}/cancel`)
    expect(await sees(scene.person, scene.mediaId)).toBe(false)
    expect((await scene.student.get(`/api/materials/${scene.materialId}`)).status).toBe(403)
  })
  it('a file of two lessons is seen by whoever may see one of them', async () => {
    const scene = await makeScene({ second: { availableAfterDays: 7 } })
    expect(await sees(scene.person, scene.mediaId)).toBe(false)
    const [open] = scene.course.lessonIds
    await as(owner).post(`/api/lessons/${open}/materials`, { mediaId: scene.mediaId })
    expect(await sees(scene.person, scene.mediaId)).toBe(true)
  })
})
