import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { actorFor, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { findOutline } from '../catalogue/index.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { completeLesson } from './complete-lesson.ts'

let world: World
let owner: Person
let assistant: Person
let admin: Person
let student: Person
let course: MadeCourse
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  assistant = await makePerson(world.deps, { role: 'instructor' })
  admin = await makePerson(world.deps, { role: 'admin' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const lesson = () => course.lessonIds[0] ?? ''
const paths = () => ({
  outline: `/api/courses/${course.id}/outline`,
  page: `/api/courses/${course.id}`,
  lesson: `/api/courses/${course.id}/lessons/${lesson()}`,
  progress: `/api/progress/course/${course.id}`,
})

/** What everybody concerned is told, each asked twice: the second time from memory. */
async function told() {
  for (const person of [student, assistant, admin])
    for (const path of Object.values(paths())) await as(person).get(path)
  const { outline, page, lesson, progress } = paths()
  return {
    outline: (await as(student).get(outline)).body,
    page: (await as(student).get(page)).body,
    lesson: (await as(student).get(lesson)).body,
    progress: (await as(student).get(progress)).body,
    assistants: (await as(assistant).get(outline)).status,
  }
}

const titles = (outline: { sections: { lessons: { title: string }[] }[] }) =>
  outline.sections.map(({ lessons }) => lessons.map(({ title }) => title))

async function assign(...instructors: object[]) {
  const { status } = await as(admin).put(`/api/courses/${course.id}/instructors`, instructors)
  expect(status).toBe(200)
}

beforeEach(async () => {
  course = await makeCourse(world.deps, { owner, sections: [[{}, {}], [{}]] })
  student = (await makeEnrollment(world.deps, { courseId: course.id })).student
  await assign({ userId: owner.id, role: 'lead' }, { userId: assistant.id, role: 'assistant' })
})

describe('what is kept of a course is what it is by the next request', () => {
  it('a lesson that is renamed and rewritten', async () => {
    await told()
    await as(owner).patch(`/api/lessons/${lesson()}`, { title: 'Renamed', body: 'Rewritten.' })
    const now = await told()
    expect(now.lesson).toMatchObject({ title: 'Renamed', body: 'Rewritten.' })
    expect(titles(now.outline)[0]).toEqual(['Renamed', 'Lesson 2'])
    expect(titles(now.page)[0]).toEqual(['Renamed', 'Lesson 2'])
  })
  it('lessons that are added and removed', async () => {
    await told()
    const [sectionId] = course.sectionIds
    const more = { sectionId, title: 'More', type: 'text', body: 'x' }
    const { body } = await as(owner).post('/api/lessons', more)
    const grown = await told()
    expect(grown.progress.course.totalLessons).toBe(4)
    expect(grown.lesson.nextLessonId).toBe(course.lessonIds[1])
    await as(owner).delete(`/api/lessons/${body.id}`)
    await as(owner).delete(`/api/lessons/${course.lessonIds[1]}`)
    const shrunk = await told()
    expect(titles(shrunk.outline)).toEqual([['Lesson 1'], ['Lesson 3']])
    expect(shrunk.lesson.nextLessonId).toBe(course.lessonIds[2])
    const gone = await as(student).post('/api/progress/lesson', { lessonId: course.lessonIds[1] })
    expect(gone.status).toBe(404)
  })
  it('a course that becomes sequential', async () => {
    await told()
    await as(owner).patch(`/api/courses/${course.id}`, { sequential: true })
    const { progress } = await told()
    expect(progress.lessons.map(({ state }: { state: string }) => state)).toEqual([
      'open',
      'locked',
      'locked',
    ])
    const later = await as(student).get(`/api/courses/${course.id}/lessons/${course.lessonIds[1]}`)
    expect(later).toMatchObject({ status: 403, body: { code: 'lesson_locked' } })
  })
  it('what is done in it: by the outline that there is, whichever was read before', async () => {
    const [lessonId = '', second = ''] = course.lessonIds
    const outline = await findOutline(world.deps.db, { courseId: course.id })
    const complete = (lessonId: string) =>
      world.deps.transact((tx) =>
        completeLesson(tx, actorFor(student, world.deps), { lessonId, positionSeconds: null, outline }),
      )
    await as(owner).delete(`/api/lessons/${course.lessonIds[2]}`)
    expect((await complete(lessonId)).summary).toEqual({ completedLessons: 1, totalLessons: 2, percent: 50 })
    await as(owner).patch(`/api/courses/${course.id}`, { sequential: true })
    await as(owner).put(`/api/courses/${course.id}/outline`, [
      { sectionId: course.sectionIds[1], lessonIds: [] },
      { sectionId: course.sectionIds[0], lessonIds: [second, lessonId] },
    ])
    const added = { sectionId: course.sectionIds[1], title: 'First', type: 'text', body: 'x' }
    await as(owner).post('/api/lessons', added)
    await expect(complete(second)).rejects.toMatchObject({ kind: { code: 'lesson_locked' } })
    await as(owner).delete(`/api/lessons/${second}`)
    await expect(complete(second)).rejects.toMatchObject({ kind: { code: 'not_found' } })
  })
  it('a material, and the state of its file', async () => {
    expect((await told()).lesson.materials).toEqual([])
    const { body: file } = await upload(as(owner), Buffer.from('a sheet'), { name: 'sheet.txt' })
    await as(owner).post(`/api/lessons/${lesson()}/materials`, { mediaId: file.id })
    expect((await told()).lesson.materials).toMatchObject([{ media: { status: 'ready' } }])
    await world.database.pool.query(
      "update media set status = 'failed', failure_reason = 'x' where id = $1",
      [file.id],
    )
    expect((await told()).lesson.materials).toMatchObject([{ media: { status: 'failed' } }])
  })
  it('who teaches it: one who does no more is told nothing', async () => {
    expect((await told()).assistants).toBe(200)
    await assign({ userId: owner.id, role: 'lead' })
    expect((await told()).assistants).toBe(403)
  })
  it('whether it is there: a draft, and a course that is gone, is 404 for who is not enrolled', async () => {
    const stranger = await makePerson(world.deps)
    const ask = async () => (await as(stranger).get(paths().page)).status
    expect([await ask(), await ask()]).toEqual([200, 200])
    await as(owner).post(`/api/courses/${course.id}/unpublish`)
    expect(await ask()).toBe(404)
    expect((await told()).page.status).toBe('draft')
  })
  it('what was rolled back changes nothing, and what a transaction has not committed is for it alone', async () => {
    await told()
    const undone = world.deps.transact(async (tx) => {
      await tx.updateTable('lessons').set({ title: 'Undone' }).where('id', '=', lesson()).execute()
      expect(titles((await told()).outline)[0]).toEqual(['Lesson 1', 'Lesson 2'])
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    expect(titles((await told()).outline)[0]).toEqual(['Lesson 1', 'Lesson 2'])
  })
  it('a slug that goes to another course', async () => {
    const other = await makeCourse(world.deps, { owner })
    const slug = `mine-${course.id}`
    await as(owner).patch(`/api/courses/${course.id}`, { slug })
    const ask = async () => (await as(student).get(`/api/courses/${slug}`)).body.id
    expect([await ask(), await ask()]).toEqual([course.id, course.id])
    await as(owner).patch(`/api/courses/${course.id}`, { slug: `new-${course.id}` })
    expect((await as(student).get(`/api/courses/${slug}`)).status).toBe(301)
    await as(owner).patch(`/api/courses/${other.id}`, { slug: `other-${course.id}` })
    expect((await as(student).get(`/api/courses/other-${course.id}`)).body.id).toBe(other.id)
  })
})
