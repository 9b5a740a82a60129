import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { continueAnnouncement, startAnnouncement } from './announce-course.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  // Ahead of the real time, which passes by itself.
  world.clock.advance({ hours: 1 })
})
afterAll(() => world.close())

const cause = () => ({ userId: null, at: world.clock.now() })
async function toldOf(courseId: string): Promise<{ user_id: string; title: string; body: string }[]> {
  const { rows } = await world.database.pool.query(
    `select user_id, title, body from notifications where data ->> 'courseId' = $1 and kind = 'lesson_added' order by id`,
    [courseId],
  )
  return rows
}

describe('new lessons', () => {
  async function makeTaught(title: string) {
    const course = await makeCourse(world.deps, { title })
    const { student } = await makeEnrollment(world.deps, { courseId: course.id })
    await makeEnrollment(world.deps, { courseId: course.id, status: 'cancelled' })
    await world.drain()
    world.clock.advance({ seconds: 1 })
    const add = async (lesson: string, sectionId = course.sectionIds[0] ?? '') => {
      const owner = await freshOwner(course.owner.email, course.owner.password)
      const answer = await owner.post('/api/lessons', { sectionId, title: lesson, type: 'text' })
      expect(answer.status).toBe(201)
      await world.drain()
      return { id: answer.body.id as string, remove: () => owner.delete(`/api/lessons/${answer.body.id}`) }
    }
    return { ...course, student, add }
  }
  async function freshOwner(email: string, password: string) {
    const { body } = await world.client.post('/api/auth/login', { email, password })
    return world.client.as(body.accessToken)
  }
  async function later(by: { seconds?: number; hours?: number }) {
    world.clock.advance(by)
    await world.drain()
    await world.drain()
  }

  it('are told to who is enrolled: those of one go together, what follows after a day, and nothing is lost', async () => {
    const { id, student, add } = await makeTaught('Dough')
    await add('Kneading')
    await add('Proofing')
    await later({ seconds: 3 })
    expect(await toldOf(id)).toEqual([
      {
        user_id: student.id,
        title: '2 new lessons in “Dough”',
        body: 'There is something new to learn: “Kneading”, “Proofing”.',
      },
    ])
    await later({ hours: 1 })
    await add('Baking')
    await later({ hours: 1 })
    const gone = await add('A mistake')
    await gone.remove()
    await later({ hours: 1 })
    expect(await toldOf(id)).toHaveLength(1)
    await later({ hours: 22 })
    expect((await toldOf(id)).map(({ title }) => title)).toEqual([
      '2 new lessons in “Dough”',
      'New lesson in “Dough”',
    ])
    await later({ hours: 48 })
    expect(await toldOf(id)).toHaveLength(2)
  })
  it('are no news where the course is a draft, hidden or was made with them', async () => {
    const fresh = await makeTaught('Fresh')
    await later({ hours: 25 })
    expect(await toldOf(fresh.id)).toEqual([])
    const owner = await freshOwner(fresh.owner.email, fresh.owner.password)
    await owner.post(`/api/courses/${fresh.id}/unpublish`)
    await fresh.add('Quietly')
    await later({ hours: 25 })
    expect(await toldOf(fresh.id)).toEqual([])
  })
})

describe('an announcement to thousands', () => {
  const students = 1_700
  let courseId: string

  /** With addresses that are not verified: mails are not what this is about. */
  async function fill(): Promise<void> {
    courseId = (await makeCourse(world.deps, { title: 'Large' })).id
    await world.database.pool.query(
      `with people as (
         insert into users (id, email, name, role, created_at, updated_at)
         select uuidv7(), 'crowd-' || i || '@example.org', 'One of many', 'student', $2, $2
         from generate_series(1, $3::integer) i returning id
       )
       insert into enrollments (id, course_id, user_id, status, source, created_at, activated_at)
       select uuidv7(), $1, id, 'active', 'free', $2, $2 from people`,
      [courseId, new Date(world.clock.now().getTime() - 1_000), students],
    )
  }
  const start = () =>
    world.deps.transact((tx) =>
      startAnnouncement(tx, cause(), {
        courseId,
        kind: 'lesson_added',
        title: 'T',
        body: 'B',
        data: { courseId },
      }),
    )
  const waiting = async (): Promise<{ id: string; reached: string | null }[]> =>
    (await world.database.pool.query('select id, reached from announcements')).rows

  it('reaches each once, by hundreds, in transactions whose statements do not grow with the course', async () => {
    await fill()
    await start()
    const [announcement] = await waiting()
    const counts: number[] = []
    const told: number[] = []
    while ((await waiting()).length > 0) {
      world.statements.length = 0
      await world.deps.transact((tx) => continueAnnouncement(tx, cause(), announcement?.id ?? ''))
      counts.push(world.statements.length)
      told.push((await toldOf(courseId)).length)
    }
    expect(told).toEqual([500, 1_000, 1_500, students])
    expect(Math.max(...counts)).toBeLessThanOrEqual(9)
    const people = new Set((await toldOf(courseId)).map(({ user_id }) => user_id))
    expect(people.size).toBe(students)
    // The jobs that the four transactions queued find nothing left to do.
    await world.drain()
    expect(await toldOf(courseId)).toHaveLength(students)
  })
  it('goes on where it was after a crash, and a job that runs twice tells nobody twice', async () => {
    await start()
    const [announcement] = await waiting()
    const id = announcement?.id ?? ''
    const crash = world.deps.transact(async (tx) => {
      await continueAnnouncement(tx, cause(), id)
      throw new Error('killed')
    })
    await expect(crash).rejects.toThrow('killed')
    expect((await waiting())[0]?.reached).toBeNull()
    await Promise.all([1, 2].map(() => world.deps.transact((tx) => continueAnnouncement(tx, cause(), id))))
    await world.drain()
    expect(await waiting()).toEqual([])
    expect(await toldOf(courseId)).toHaveLength(2 * students)
  })
  it('is not for who enrolls after it was made', async () => {
    await start()
    world.clock.advance({ seconds: 1 })
    const { student } = await makeEnrollment(world.deps, { courseId, student: await makePerson(world.deps) })
    await world.drain()
    expect((await toldOf(courseId)).filter(({ user_id }) => user_id === student.id)).toEqual([])
  })
})
