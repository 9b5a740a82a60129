import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bringCourse, importBrought } from '../../src/commands/bring-course.ts'
import { writeCourseFiles } from '../../src/commands/course-files.ts'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { quizOf } from '../../src/modules/assessments/factory.ts'
import type { Draw, NewQuestion } from '../../src/modules/assessments/schemas.ts'
import { actorFor, type MadeCourse, makeCourse } from '../../src/modules/catalogue/factory.ts'
import { exportCourse, renderWholeFolder } from '../../src/modules/catalogue/index.ts'
import { modules } from '../../src/modules.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let folder: string
let owner: Person
beforeAll(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'lectern states-'))
  owner = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const api = () => world.client.as(owner.accessToken)

/** A course with a text, a quiz that draws so from a bank of three (a, b, c), and an exam that does. */
async function courseThatDraws(wish: { quiz?: Draw[]; exam?: Draw[] }) {
  const title = `Knots ${(await readdir(folder)).length}`
  const sections = [[{}, { type: 'quiz', title: 'Test' }]] as const
  const course = await makeCourse(world.deps, { owner, title, sections })
  const bank: string[] = []
  for (const text of ['a', 'b', 'c']) {
    const question: NewQuestion = { type: 'true_false', text, points: 1, answer: true, tags: ['x'] }
    bank.push((await api().post(`/api/courses/${course.id}/questions`, question)).body.id)
  }
  const put = async (path: string, draw: Draw[] | undefined) =>
    draw && expect((await api().put(path, quizOf({ questions: [], draw }))).status).toBe(200)
  const named = (draw: Draw[] | undefined) =>
    draw?.map(({ questionIds, ...rest }) => ({ ...rest, ...(questionIds ? { questionIds: bank } : {}) }))
  await put(`/api/lessons/${course.lessonIds[1]}/quiz`, named(wish.quiz))
  await put(`/api/courses/${course.id}/exam`, named(wish.exam))
  return {
    ...course,
    shrink: async (count: number) => {
      for (const id of bank.slice(0, count)) await api().delete(`/api/courses/${course.id}/questions/${id}`)
    },
  }
}

async function exported(idOrSlug: string, to: string) {
  const course = (await exportCourse(world.deps.db, idOrSlug, world.deps.config)) ?? expect.fail()
  const { files, hindrances } = await renderWholeFolder(world.deps.db, course, modules)
  await writeCourseFiles(to, files)
  return { hindrances, slug: (await api().get(`/api/courses/${course.id}`)).body.slug as string }
}

async function contents(of: string): Promise<Record<string, string>> {
  const names = (await readdir(of, { recursive: true })).filter((name) => /\.(md|yaml)$/.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(of, name), 'utf8')))
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']))
}

/** Takes a course through export, import and export; answers with its folder, and why it became a draft. */
async function thereAndBack({ id }: Pick<MadeCourse, 'id'>) {
  const [there, back] = await Promise.all([1, 2].map(() => mkdtemp(join(folder, 'course-'))))
  const { hindrances, slug } = await exported(id, join(there ?? '', 'it'))
  await world.database.pool.query('delete from courses where id = $1', [id])
  const brought = await bringCourse(world.deps, join(there ?? '', 'it'), () => undefined)
  const actor = actorFor(owner, world.deps)
  await world.deps.transact((tx) => importBrought(tx, world.deps, actor, brought))
  expect((await exported(slug, join(back ?? '', 'it'))).hindrances).toEqual([])
  const files = await contents(join(there ?? '', 'it'))
  expect(await contents(join(back ?? '', 'it'))).toEqual(files)
  return { hindrances, files, course: files['course.md'] }
}

const quizFile = '01-section-1/02-test.quiz.yaml'

describe('What export writes, import reads', () => {
  it.each<[string, Draw]>([
    ['by tag', { count: 3, tag: 'x' }],
    ['of the whole bank', { count: 3 }],
  ])('where the bank has shrunk below a draw %s', async (_, draw) => {
    const course = await courseThatDraws({ quiz: [draw], exam: [draw] })
    await course.shrink(2)
    const { files, hindrances } = await thereAndBack(course)
    expect(hindrances).toEqual([])
    expect(files[quizFile]).toContain('count: 3')
  })
  it('where questions of the bank grew beyond what a quiz may draw', async () => {
    const course = await courseThatDraws({ quiz: [{ count: 3 }] })
    await world.database.pool.query(
      `update bank_questions set question = question || $2 where course_id = $1`,
      [course.id, JSON.stringify({ text: 'x'.repeat(9_999) })],
    )
    for (let copy = 0; copy < 6; copy++)
      await world.database.pool.query(
        'insert into bank_questions (id, course_id, question, tags, created_at, updated_at) ' +
          'select gen_random_uuid(), course_id, question, tags, created_at, updated_at from bank_questions where course_id = $1',
        [course.id],
      )
    await world.database.pool.query(`update quizzes set draws = '[{"count": 150}]' where course_id = $1`, [
      course.id,
    ])
    expect((await thereAndBack(course)).files[quizFile]).toContain('count: 150')
  })
  it('where a draw has become empty beside others: without it', async () => {
    const course = await courseThatDraws({ quiz: [{ count: 1, tag: 'x' }, { count: 1 }] })
    await world.database.pool.query(
      `update bank_questions set tags = '{}', question = question || '{"tags": []}' where course_id = $1`,
      [course.id],
    )
    const { files, hindrances } = await thereAndBack(course)
    expect(hindrances).toEqual([])
    expect(files[quizFile]).not.toContain('tag: x')
  })
  it('where a quiz and the exam have become empty: as a draft without them, and says why', async () => {
    const draw = [{ count: 2, questionIds: ['these'] }]
    const course = await courseThatDraws({ quiz: draw, exam: draw })
    await course.shrink(3)
    const { files, hindrances, course: head } = await thereAndBack(course)
    expect(hindrances).toEqual(['The lesson “Test” has no quiz.'])
    expect(head).toContain('status: draft')
    expect(files).not.toHaveProperty(['exam.yaml'])
    expect(files).not.toHaveProperty([quizFile])
  })
  it('where a published course got a quiz lesson that has no quiz yet: as a draft, and says why', async () => {
    const course = await courseThatDraws({})
    const { hindrances, course: head } = await thereAndBack(course)
    expect(hindrances).toEqual(['The lesson “Test” has no quiz.'])
    expect(head).toContain('status: draft')
  })
  it('where a published course has lost its last lesson: as a draft, and says why', async () => {
    const course = await courseThatDraws({})
    for (const id of course.lessonIds) expect((await api().delete(`/api/lessons/${id}`)).status).toBe(204)
    const { hindrances, course: head } = await thereAndBack(course)
    expect(hindrances).toEqual(['It has no lesson.'])
    expect(head).toContain('status: draft')
  })
  it('where its category lies more than ten below the root of the tree', async () => {
    const course = await courseThatDraws({ exam: [{ count: 1 }] })
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    let parentId: string | undefined
    for (let depth = 1; depth <= 11; depth++) {
      const category = { name: `Depth ${depth}`, ...(parentId === undefined ? {} : { parentId }) }
      parentId = (await admin.post('/api/categories', category)).body.id
    }
    await api().patch(`/api/courses/${course.id}`, { categoryId: parentId })
    expect((await thereAndBack(course)).course).toContain('Depth 11')
  })
  it('where a course had more than two hundred addresses', async () => {
    const course = await courseThatDraws({ exam: [{ count: 1 }] })
    await world.database.pool.query(
      `insert into course_slugs (slug, course_id) select 'former-' || n, $1 from generate_series(1, 201) n`,
      [course.id],
    )
    expect((await thereAndBack(course)).course).toContain('former-201')
  })
})
