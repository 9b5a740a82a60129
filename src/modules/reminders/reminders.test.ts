import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { openNode } from '../../../test/support/node.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeQuiz } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { runReminders } from './jobs.ts'

let world: World
let student: Person
beforeAll(async () => {
  world = await createWorld()
  await toHour(0)
})
afterAll(() => world.close())
beforeEach(async () => {
  // A day that is nobody's of the tests before, and a morning in UTC, where people are unless they say otherwise.
  world.clock.advance({ days: 60 })
  await toHour(10)
  student = await makePerson(world.deps)
})

/** Signed in anew: no token lives as long as what is waited for here. */
async function as({ email, password }: Person): Promise<Client> {
  const { body } = await world.client.post('/api/auth/login', { email, password, client: 'native' })
  return world.client.as(body.accessToken)
}
const me = () => as(student)
const remind = (deps = world.deps) => runReminders(deps)

/** On to this hour (UTC), and what the workers do by then. */
async function toHour(hour: number) {
  const now = world.clock.now()
  const next = new Date(now)
  next.setUTCHours(hour, 0, 0, 0)
  if (next <= now) next.setUTCDate(next.getUTCDate() + 1)
  world.clock.advance({ seconds: (next.getTime() - now.getTime()) / 1_000 })
  await remind()
  await world.drain()
}
/** Time that passes while the workers are at work, by steps of some hours. */
async function pass(by: { hours?: number; days?: number }, step = 12) {
  const hours = (by.hours ?? 0) + (by.days ?? 0) * 24
  for (let done = 0; done < hours; done += step) {
    world.clock.advance({ hours: Math.min(step, hours - done) })
    await remind()
  }
  await world.drain()
}
async function told(person: Person = student, event = 'reminder.') {
  const { rows } = await world.database.pool.query(
    `select title, data, created_at from notifications
     where user_id = $1 and kind = 'reminder' and starts_with(data ->> 'event', $2) order by created_at, id`,
    [person.id, event],
  )
  return rows
}
const mailed = (person: Person = student) =>
  world.mails.filter(({ to, subject }) => to === person.email && /waits?|opens?|ends/.test(subject))

describe('an unfinished payment', () => {
  it('is told once after four hours, in the school and by mail', async () => {
    const { id: enrollmentId, courseId } = await makeEnrollment(world.deps, { student, status: 'pending' })
    await remind()
    await pass({ hours: 3 }, 1)
    expect(await told()).toEqual([])
    await pass({ hours: 8 }, 2)
    const event = 'reminder.payment'
    expect(await told()).toMatchObject([
      {
        title: 'Your place in “Git basics” waits for its payment',
        data: { event, enrollmentId, courseId },
      },
    ])
    expect(mailed()).toHaveLength(1)
    expect((await (await me()).get('/api/notifications')).body.items[0]).toMatchObject({ kind: 'reminder' })
  })

  it('is not told to who has paid, cancelled, begun to pay again, or is suspended', async () => {
    const others = await Promise.all([1, 2, 3].map(() => makePerson(world.deps)))
    const [cancels, anew, suspended] = others as [Person, Person, Person]
    await remind()
    const first = await makeEnrollment(world.deps, { student: cancels, status: 'pending' })
    const again = await makeEnrollment(world.deps, { student: anew, status: 'pending' })
    await makeEnrollment(world.deps, { student: suspended, status: 'pending' })
    world.clock.advance({ hours: 3 })
    await (await as(cancels)).post(`/api/enrollments/${first.id}/cancel`)
    const resumed = await (await as(anew)).post('/api/enrollments', { courseId: again.courseId })
    expect(resumed.status).toBe(200)
    await world.database.pool.query("update users set status = 'suspended' where id = $1", [suspended.id])
    world.clock.advance({ hours: 2 })
    await remind()
    for (const person of others) expect(await told(person)).toEqual([])
    world.clock.advance({ hours: 2, minutes: 5 })
    await remind()
    expect(await told(anew)).toHaveLength(1)
  })
})

describe('a lesson that opens by its days', () => {
  const drip = (days: number[], more: object = {}) =>
    makeCourse(world.deps, {
      sections: [[{ title: 'First' }, ...days.map((availableAfterDays) => ({ availableAfterDays }))]],
      ...more,
    })

  it('is told on its day, with the others of that day, once', async () => {
    const course = await drip([3, 3, 9])
    await makeEnrollment(world.deps, { student, courseId: course.id })
    await remind()
    await pass({ days: 4 })
    const event = 'reminder.opening'
    const [, second, third] = course.lessonIds
    expect(await told()).toMatchObject([
      {
        title: '2 lessons of “Git basics” have opened',
        data: { event, courseId: course.id, lessonIds: [second, third] },
      },
    ])
  })

  it('is not told where it is completed, is locked by one before it, or the enrollment has ended', async () => {
    const [ended, held] = [await makePerson(world.deps), await makePerson(world.deps)]
    const course = await drip([2])
    const sequential = await drip([2], { sequential: true })
    const enrollment = await makeEnrollment(world.deps, { student: ended, courseId: course.id })
    await makeEnrollment(world.deps, { student: held, courseId: sequential.id })
    await makeEnrollment(world.deps, { student, courseId: sequential.id })
    await (await me()).post('/api/progress/lesson', { lessonId: sequential.lessonIds[0] })
    await remind()
    await (await as(ended)).post(`/api/enrollments/${enrollment.id}/cancel`)
    await pass({ days: 3 })
    expect(await told(ended)).toEqual([])
    expect(await told(held)).toEqual([])
    expect(await told()).toHaveLength(1)
  })
})

describe('an attempt whose time ends', () => {
  it('is told once when a quarter of it is left, also at night where the morning would be too late', async () => {
    const { id, courseId } = await makeQuiz(world.deps, { quiz: { timeLimitSeconds: 8 * 3_600 } })
    await makeEnrollment(world.deps, { student, courseId })
    world.clock.advance({ hours: 9 })
    const { body } = await (await me()).post(`/api/quizzes/${id}/attempts`)
    await remind()
    world.clock.advance({ hours: 5, minutes: 50 })
    await remind()
    expect(await told()).toEqual([])
    world.clock.advance({ minutes: 15 })
    await remind()
    await remind()
    const data = { event: 'reminder.deadline', attemptId: body.id, quizId: id, courseId }
    expect(await told()).toMatchObject([{ title: 'Your time for “What stuck?” ends soon', data }])
  })

  it('waits for the morning where there is time; it is not told once it is handed in', async () => {
    const quiz = await makeQuiz(world.deps, { quiz: { timeLimitSeconds: 10 * 86_400 } })
    const other = await makePerson(world.deps)
    for (const person of [student, other]) {
      await makeEnrollment(world.deps, { student: person, courseId: quiz.courseId })
      await (await as(person)).patch('/api/users/me', { timezone: 'Pacific/Auckland' })
    }
    const attempt = await (await me()).post(`/api/quizzes/${quiz.id}/attempts`)
    expect(attempt.status).toBe(201)
    await (await as(other)).post(`/api/quizzes/${quiz.id}/attempts`)
    const endsAt = new Date(attempt.body.deadline)
    await remind()
    await pass({ days: 9 })
    expect((await (await me()).post(`/api/attempts/${attempt.body.id}/submit`)).status).toBe(200)
    await pass({ hours: 23 }, 3)
    expect(await told(student, 'reminder.deadline')).toEqual([])
    const [notice, ...more] = await told(other, 'reminder.deadline')
    expect(more).toEqual([])
    const hour = new Intl.DateTimeFormat('en', {
      hour: 'numeric',
      hourCycle: 'h23',
      timeZone: 'Pacific/Auckland',
    })
    expect(Number(hour.format(notice.created_at))).toBeGreaterThanOrEqual(9)
    expect(Number(hour.format(notice.created_at))).toBeLessThan(20)
    expect(notice.created_at < endsAt).toBe(true)
  })
})

describe('a course in which nothing is done', () => {
  it('is told after a week and after thirty days, together with the others, and never more', async () => {
    const courses = [
      await makeCourse(world.deps, { title: 'Git' }),
      await makeCourse(world.deps, { title: 'Tar' }),
    ]
    for (const { id: courseId } of courses) await makeEnrollment(world.deps, { student, courseId })
    await remind()
    for (const { lessonIds } of courses)
      await (await me()).post('/api/progress/lesson', { lessonId: lessonIds[0] })
    await pass({ days: 10 })
    expect(await told()).toMatchObject([
      { title: 'Your courses wait for you', data: { event: 'reminder.inactivity', days: 7 } },
    ])
    expect((await told())[0].data.courseIds.toSorted()).toEqual(courses.map(({ id }) => id).toSorted())
    await pass({ days: 25 })
    expect(await told()).toHaveLength(2)
    await (await me()).post('/api/progress/lesson', { lessonId: courses[0]?.lessonIds[1] })
    await pass({ days: 40 })
    expect(await told()).toHaveLength(2)
  }, 60_000)

  it('is told to who never began; not to who did something, has completed it, or can go on with nothing', async () => {
    const [active, done, waits] = [
      await makePerson(world.deps),
      await makePerson(world.deps),
      await makePerson(world.deps),
    ]
    const { id: courseId, lessonIds } = await makeCourse(world.deps)
    const later = await makeCourse(world.deps, { sections: [[{ availableAfterDays: 90 }]] })
    await remind()
    await makeEnrollment(world.deps, { student, courseId })
    await makeEnrollment(world.deps, { student: active, courseId })
    await makeEnrollment(world.deps, { student: done, courseId, status: 'completed' })
    await makeEnrollment(world.deps, { student: waits, courseId: later.id })
    await pass({ days: 5 })
    await (await as(active)).post('/api/progress/lesson', { lessonId: lessonIds[0] })
    await pass({ days: 4 })
    expect(await told()).toHaveLength(1)
    for (const person of [active, done, waits]) expect(await told(person)).toEqual([])
    // The week of who went on is another one.
    await pass({ days: 6 })
    expect(await told(active)).toHaveLength(1)
  }, 60_000)
})

describe('whatever a person is reminded of', () => {
  it('is told once, whatever nodes are at it at the same moment', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => makePerson(world.deps)))
    await remind()
    for (const person of people) await makeEnrollment(world.deps, { student: person, status: 'pending' })
    world.clock.advance({ hours: 5 })
    const node = await openNode(world)
    await Promise.all([remind(), remind(node.deps), remind(), remind(node.deps)])
    await remind()
    await node.close()
    await world.drain()
    for (const person of people) {
      expect(await told(person)).toHaveLength(1)
      expect(mailed(person)).toHaveLength(1)
    }
  })

  it('goes by the channels that were chosen, and is not told by none', async () => {
    const silent = await makePerson(world.deps)
    await (await me()).put('/api/notifications/preferences', {
      digest: 'weekly',
      kinds: { reminder: { inApp: false } },
    })
    const none = { kinds: { reminder: { inApp: false, email: false } } }
    await (await as(silent)).put('/api/notifications/preferences', none)
    await remind()
    for (const person of [student, silent])
      await makeEnrollment(world.deps, { student: person, status: 'pending' })
    await pass({ hours: 6 }, 3)
    expect((await (await me()).get('/api/notifications')).body.items).toEqual([])
    // Not in the weekly digest: it would be of no use then.
    expect(mailed()).toHaveLength(1)
    expect(await told(silent)).toEqual([])
    expect(mailed(silent)).toEqual([])
  })

  it('waits for 9:00 of their clock, and moves with it', async () => {
    await (await me()).patch('/api/users/me', { timezone: 'Asia/Tokyo' })
    await remind()
    // 19:00 in Tokyo: four hours later it is night there.
    await makeEnrollment(world.deps, { student, status: 'pending' })
    await pass({ hours: 5 }, 1)
    expect(await told()).toEqual([])
    await pass({ hours: 10 }, 1)
    const [notice] = await told()
    expect(notice.created_at.getUTCHours()).toBe(0)
  })

  it('goes with the account, and is in its archive', async () => {
    await remind()
    await makeEnrollment(world.deps, { student, status: 'pending' })
    await pass({ hours: 6 }, 3)
    const archive = (await (await me()).get('/api/users/me/export')).body
    expect(archive.reminders.reminders).toMatchObject([{ cause: 'payment', toldAt: expect.any(String) }])
    await (await me()).delete('/api/users/me', { password: student.password })
    await world.drain()
    const { rows } = await world.database.pool.query('select from reminders where user_id = $1', [student.id])
    expect(rows).toEqual([])
  })
})
