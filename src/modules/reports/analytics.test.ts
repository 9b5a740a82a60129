import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeQuiz, makeQuiz, makeStudent, rightAnswers } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makePayment } from '../payments/factory.ts'

let world: World
let admin: Person
let quiz: MadeQuiz
let student: Person
beforeAll(async () => {
  world = await createWorld()
  admin = await makePerson(world.deps, { role: 'admin' })
  quiz = await makeQuiz(world.deps, { quiz: { title: '=2+3, a quiz' } })
  student = await makeStudent(world.deps, quiz)
  const open = await as(student).post(`/api/quizzes/${quiz.id}/attempts`)
  const answers = rightAnswers(open.body, quiz.quiz.questions)
  await as(student).put(`/api/attempts/${open.body.id}/answers`, { answers })
  expect((await as(student).post(`/api/attempts/${open.body.id}/submit`)).body.passed).toBe(true)
  const { payment } = await makePayment(world.deps, { captured: true })
  await makePayment(world.deps, { captured: true, price: { amount: 900, currency: 'JPY' } })
  const part = { amount: { amount: 900, currency: 'INR' } }
  await as(admin).post(`/api/payments/${payment.id}/refund`, part)
  await world.drain()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const read = (path: string, query = '', by = admin) => as(by).get(`/api/analytics/${path}${query}`)
const last = async (path: string) => (await read(path)).body.series.at(-1)
const csvOf = async (path: string, query = '?timezone=UTC') =>
  as(admin).get(`/api/analytics/${path}${query}`, { headers: { accept: 'text/csv' } })
const ofCourse = (part: string) => `courses/${quiz.courseId}/${part}`
const school = ['user-activity', 'enrollments', 'revenue']
const course = ['engagement', 'quizzes']

describe('GET /analytics/…', () => {
  it('200: a point for each of the last 30 days, in the time zone of the profile', async () => {
    const person = await makePerson(world.deps, { role: 'admin' })
    await as(person).patch('/api/users/me', { timezone: 'Asia/Kathmandu' })
    const { status, body } = await read('enrollments', '', person)
    expect(status).toBe(200)
    expect(body).toMatchObject({ interval: 'day', timezone: 'Asia/Kathmandu' })
    expect(body.series).toHaveLength(30)
    expect(body.series[0].start).toMatch(/T18:15:00.000Z$/)
    expect(body.series[0]).toMatchObject({ begun: 0, activated: 0, completed: 0, cancelled: 0 })
  })
  it.each([...school, 'courses/:id/engagement'])(
    '200 %s: in the zone that a name stored once was',
    async (path) => {
      const person = await makePerson(world.deps, { role: 'admin' })
      await world.database.pool.query("update users set timezone = 'IST' where id = $1", [person.id])
      const { status, body } = await read(path.replace(':id', quiz.courseId), '', person)
      expect({ status, timezone: body.timezone }).toEqual({ status: 200, timezone: 'Asia/Calcutta' })
      expect(body.series[0].start).toMatch(/T18:30:00.000Z$/)
    },
  )
  it('200 user-activity: who was active, and who came', async () => {
    const people = await world.database.pool.query('select from users')
    expect(await last('user-activity')).toMatchObject({ activePeople: 1, newUsers: people.rowCount })
  })
  it('200 enrollments: begun, activated, completed, cancelled', async () => {
    expect(await last('enrollments')).toMatchObject({ begun: 3, activated: 3, completed: 1, cancelled: 0 })
  })
  it('200 revenue: each currency on each day, with what went back', async () => {
    const { body } = await read('revenue')
    const money = (currency: string, amount = 0) => ({ amount, currency })
    expect(body.series[0].revenue).toEqual(
      ['INR', 'JPY'].map((currency) => ({
        captured: money(currency),
        refunded: money(currency),
        net: money(currency),
        payments: 0,
      })),
    )
    expect(body.series.at(-1).revenue).toEqual([
      { captured: money('INR', 49_900), refunded: money('INR', 900), net: money('INR', 49_000), payments: 1 },
      { captured: money('JPY', 900), refunded: money('JPY'), net: money('JPY', 900), payments: 1 },
    ])
  })
  it('200 engagement: students, minutes, lessons, completions, new enrollments', async () => {
    expect(await last(ofCourse('engagement'))).toMatchObject({
      activeStudents: 1,
      activeMinutes: 15,
      lessonsCompleted: 1,
      completions: 1,
      newEnrollments: 1,
    })
  })
  it('200 quizzes: all together and each, null where nobody tried', async () => {
    const { body } = await read(ofCourse('quizzes'), '?interval=week')
    const perfect = { attempts: 1, averageScorePercent: 100, passRatePercent: 100 }
    expect(body.series[0]).toMatchObject({ attempts: 0, averageScorePercent: null, passRatePercent: null })
    expect(body.series.at(-1)).toMatchObject(perfect)
    const { quizzes } = body
    expect(quizzes).toMatchObject([
      { quizId: quiz.id, lessonId: quiz.lessonId, ...perfect, series: [perfect] },
    ])
  })
  it.each([...school, ...course])('200 %s: in three statements at most', async (name) => {
    const path = school.includes(name) ? name : ofCourse(name)
    await read(path)
    world.statements.length = 0
    expect((await read(path)).status).toBe(200)
    expect(world.statements.length).toBeLessThanOrEqual(3)
  })
  it('200 as CSV: a line for each point', async () => {
    const { status, headers, body } = await csvOf('enrollments')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="enrollments.csv"')
    const lines = body.trimEnd().split('\r\n')
    expect(lines).toHaveLength(31)
    expect(lines[0]).toBe('start,begun,activated,completed,cancelled')
    const today = `${world.clock.now().toISOString().slice(0, 10)}T00:00:00.000Z`
    expect(lines.at(-1)).toBe(`${today},3,3,1,0`)
    const revenue = (await csvOf('revenue')).body.trimEnd().split('\r\n')
    expect(revenue[0]).toBe('start,currency,captured,refunded,net,payments')
    expect(revenue.slice(-2)).toEqual([`${today},INR,49900,900,49000,1`, `${today},JPY,900,0,900,1`])
    expect((await csvOf('user-activity')).body).toMatch(/^start,activePeople,newUsers\r\n/)
    expect((await csvOf(ofCourse('engagement'))).body).toMatch(/^start,activeStudents,activeMinutes,/)
  })
  it.each([...school, ...course])(
    '200 %s as CSV: sent as it is written, with the points of the JSON',
    async (name) => {
      const path = school.includes(name) ? name : ofCourse(name)
      const days = '?timezone=Asia/Kathmandu&from=2025-01-01&to=2027-06-30'
      const { body } = await read(path, days)
      const csv = await csvOf(path, days)
      expect(csv.headers.get('transfer-encoding')).toBe('chunked')
      expect(csv.headers.get('content-length')).toBeNull()
      const starts = csv.body
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((line: string) => line.split(',')[0])
      const said = body.series.map(({ start }: { start: string }) => start)
      expect(said).toHaveLength(911)
      expect([...new Set(starts)]).toEqual(said)
    },
  )
  it('200 as CSV: a line for each quiz, in which no cell starts a formula', async () => {
    const lines = (await csvOf(ofCourse('quizzes'))).body.trimEnd().split('\r\n')
    const today = `${world.clock.now().toISOString().slice(0, 10)}T00:00:00.000Z`
    expect(lines.slice(-2)).toEqual([`${today},,,1,100,100`, `${today},${quiz.id},"'=2+3, a quiz",1,100,100`])
  })
  it.each([
    ['user-activity', 'start,activePeople,newUsers'],
    ['enrollments', 'start,begun,activated,completed,cancelled'],
    ['revenue', 'start,currency,captured,refunded,net,payments'],
    ['engagement', 'start,activeStudents,activeMinutes,lessonsCompleted,completions,newEnrollments'],
    ['quizzes', 'start,quizId,title,attempts,averageScorePercent,passRatePercent'],
  ])(
    '200 %s as CSV: has the names also where no interval is, on a day that a zone left out',
    async (name, names) => {
      const path = school.includes(name) ? name : ofCourse(name)
      const { status, body } = await csvOf(path, '?from=2011-12-30&to=2011-12-30&timezone=Pacific/Apia')
      expect({ status, body }).toEqual({ status: 200, body: `${names}\r\n` })
    },
  )
  it.each([...school, ...course])('400 %s: what is wrong has its name', async (name) => {
    const path = school.includes(name) ? name : ofCourse(name)
    for (const [query, field] of [
      ['timezone=Mars/Olympus', '/timezone'],
      ['timezone=IST', '/timezone'],
      ['from=2026-05-02&to=2026-05-01', '/from'],
      ['from=2001-01-01', '/from'],
      ['from=2026-02-31', '/from'],
      ['interval=year', '/interval'],
      ['who=me', '/who'],
    ]) {
      const { status, body } = await read(path, `?${query}`)
      expect({ status, code: body.code }, query).toEqual({ status: 400, code: 'validation_failed' })
      expect(body.errors[0].path, query).toBe(field)
    }
  })
  it.each(school)('401, 403 %s: for admins alone', async (path) => {
    expect((await world.client.get(`/api/analytics/${path}`)).status).toBe(401)
    expect((await read(path, '', quiz.owner)).status).toBe(403)
    expect((await read(path, '', student)).status).toBe(403)
  })
  it.each(course)('401, 403, 404 %s: for the owners alone', async (part) => {
    const rival = await makePerson(world.deps, { role: 'instructor' })
    const draft = await makeCourse(world.deps, { owner: quiz.owner, published: false })
    expect((await world.client.get(`/api/analytics/${ofCourse(part)}`)).status).toBe(401)
    expect((await read(ofCourse(part), '', quiz.owner)).status).toBe(200)
    expect((await read(ofCourse(part), '', student)).status).toBe(403)
    expect((await read(ofCourse(part), '', rival)).status).toBe(403)
    expect((await read(`courses/${draft.id}/${part}`, '', rival)).status).toBe(404)
    expect((await read(`courses/${draft.id}/${part}`)).status).toBe(200)
    expect((await read(`courses/${newId()}/${part}`)).status).toBe(404)
  })
  it.each(course)('200 %s: also for assistants', async (part) => {
    const assistant = await makePerson(world.deps, { role: 'instructor' })
    await as(admin).put(`/api/courses/${quiz.courseId}/instructors`, [
      { userId: quiz.owner.id, role: 'lead' },
      { userId: assistant.id, role: 'assistant' },
    ])
    expect((await read(ofCourse(part), '', assistant)).status).toBe(200)
  })
})
