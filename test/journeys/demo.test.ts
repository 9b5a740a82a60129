import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDemo } from '../../src/commands/demo-school.ts'
import { freePort, runLectern, type ServerProcess, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const password = 'lectern-demo'
let data: string
let port: number
let server: ServerProcess
const demoOn = { LECTERN_DEMO: 'on' }
const count = async () => (await server.client.get('/api/courses?limit=100')).body.items.length

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern demo-'))
  port = await freePort()
  server = await startServer({ data, port, env: demoOn })
})
afterAll(async () => {
  await server.stop()
  await rm(data, { recursive: true, force: true })
})

describe('the demo school', { timeout: 180_000 }, () => {
  it('has at least three published courses with twenty lessons', async () => {
    const { body } = await server.client.get('/api/courses')
    expect(body.items.length).toBeGreaterThanOrEqual(3)
    const pages = await Promise.all(
      body.items.map(({ id }: { id: string }) => server.client.get(`/api/courses/${id}`)),
    )
    expect(pages.reduce((sum, page) => sum + page.body.counts.lessons, 0)).toBeGreaterThanOrEqual(20)
  })

  it('shows pictures of its courses, a film and a document', async () => {
    const { body } = await server.client.get('/api/courses')
    for (const { thumbnail } of body.items) {
      expect(thumbnail.widths).toHaveLength(3)
      expect((await fetch(thumbnail.url)).headers.get('content-type')).toBe('image/webp')
    }
    const { accessToken } = (
      await server.client.post('/api/auth/login', { email: 'leo@demo.example', password })
    ).body
    const leo = server.client.as(accessToken)
    const page = await leo.get('/api/courses/version-control-with-git')
    const lessons = page.body.sections.flatMap((section: { lessons: object[] }) => section.lessons)
    const read = async (title: string) => {
      const { id } = lessons.find((lesson: { title: string }) => lesson.title === title)
      return (await leo.get(`/api/courses/${page.body.id}/lessons/${id}`)).body
    }
    const { media } = await read('Branches are movable names')
    expect(media).toMatchObject({
      kind: 'video',
      contentType: 'video/mp4',
      durationSeconds: expect.closeTo(6, 0),
    })
    const film = await fetch(media.url, { headers: { range: 'bytes=4-7' } })
    expect({ status: film.status, text: await film.text() }).toEqual({ status: 206, text: 'ftyp' })
    const { materials } = await read('A working routine')
    expect(materials).toMatchObject([
      { title: 'Git on one page, to print', media: { contentType: 'application/pdf' } },
    ])
  })

  it.each(['student', 'instructor', 'parent', 'admin'])(
    'lets its %s sign in as the banner says',
    async (role) => {
      expect(server.output()).toContain(`${role}@demo.example`)
      const { status, body } = await server.client.post('/api/auth/login', {
        email: `${role}@demo.example`,
        password,
      })
      expect({ status, role: body.user.role }).toEqual({ status: 200, role })
    },
  )

  it('has enrollments with progress, one of them completed', async () => {
    const signIn = async (email: string) =>
      server.client.as((await server.client.post('/api/auth/login', { email, password })).body.accessToken)
    const student = await signIn('student@demo.example')
    const { body } = await student.get('/api/enrollments/my')
    const progress = await student.get(`/api/progress/course/${body.items[0].courseId}`)
    expect(progress.body.course.percent).toBeGreaterThan(0)
    const completed = await (await signIn('leo@demo.example')).get('/api/enrollments/my?status=completed')
    expect(completed.body.items).toHaveLength(1)
  })

  it('has a course that its student can buy from the simulator, and a parent who sees it then', async () => {
    const signIn = async (email: string) =>
      server.client.as((await server.client.post('/api/auth/login', { email, password })).body.accessToken)
    const [student, parent] = [await signIn('student@demo.example'), await signIn('parent@demo.example')]
    const { body: course } = await student.get('/api/courses/reading-code-you-did-not-write')
    const bought = await student.post('/api/payments/create', { courseId: course.id, gateway: 'simulator' })
    expect(bought).toMatchObject({
      status: 201,
      body: { payment: { amount: { amount: 1900, currency: 'USD' } } },
    })
    const { id } = bought.body.payment
    await student.post(`/api/payments/simulator/${id}`, { outcome: 'paid' })
    await expect
      .poll(async () => (await student.get(`/api/payments/${id}`)).body.status, { timeout: 30_000 })
      .toBe('captured')
    const { children } = (await parent.get('/api/dashboard/parent')).body
    expect(children).toMatchObject([{ child: { name: 'Asha Rao' } }])
    expect(JSON.stringify(children)).toContain('Reading code you did not write')
  })

  it('has a quiz and an exam, which its students can begin', async () => {
    const login = { email: 'mei@demo.example', password }
    const mei = server.client.as((await server.client.post('/api/auth/login', login)).body.accessToken)
    const quizzesOf = async (slug: string) => {
      const { id } = (await server.client.get(`/api/courses/${slug}`)).body
      await mei.post('/api/enrollments', { courseId: id })
      return (await mei.get(`/api/courses/${id}/quizzes`)).body.items
    }
    const [exam] = await quizzesOf('keeping-web-applications-safe')
    expect(exam).toMatchObject({ title: 'Final exam', questionCount: 4, maxAttempts: 3 })
    expect(exam).not.toHaveProperty('lessonId')
    const [quiz] = await quizzesOf('sql-for-curious-people')
    expect(quiz).toMatchObject({ title: 'What stuck?', questionCount: 7, lessonId: expect.any(String) })
    // The lessons of this course open one after the other, and this one is the last.
    expect(await mei.post(`/api/quizzes/${quiz.id}/attempts`)).toMatchObject({
      body: { code: 'lesson_locked' },
    })
  })

  it('still leaves the admin account to be claimed, once, by the link of the last start', async () => {
    await server.stop()
    server = await startServer({ data, port, env: demoOn })
    const token = /claim\?token=(\S+)/.exec(server.output())?.[1]
    const claim = () =>
      server.client.post('/api/auth/claim', {
        token,
        email: 'me@example.org',
        name: 'Me',
        password: 'a long password',
      })
    expect(await claim()).toMatchObject({ status: 201, body: { user: { role: 'admin' } } })
    expect(await claim()).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
  })

  it('is loaded once: a second start, and `lectern demo`, add nothing', async () => {
    const before = await count()
    expect(await runLectern(['demo'], { LECTERN_DATA: data })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('empty'),
    })
    await server.stop()
    server = await startServer({ data, port, env: demoOn })
    expect(await count()).toBe(before)
    expect(server.output()).not.toContain('claim?token=')
  })

  it('is loaded once by many nodes that start at the same moment', async () => {
    const world = await createWorld()
    const loads = await Promise.all([1, 2, 3].map(() => loadDemo(world.deps, () => undefined)))
    expect(loads.filter((load) => load !== null)).toHaveLength(1)
    expect((await world.client.get('/api/courses')).body.items).toHaveLength(4)
    await world.close()
  })
})
