import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Person } from '../accounts/factory.ts'
import { actorFor, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { findOutline } from '../catalogue/index.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { completeLesson } from './complete-lesson.ts'
import { keepPosition } from './keep-position.ts'
import { passExam } from './pass-exam.ts'
import { resetProgress } from './reset-progress.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

interface Learner {
  readonly student: Person
  readonly course: MadeCourse
  readonly enrollmentId: string
  at(time: string): Promise<void>
}

/** A student who does things at times of their own. */
async function makeLearner(course?: MadeCourse): Promise<Learner> {
  const taken = course ?? (await makeCourse(world.deps))
  const { id, student } = await makeEnrollment(world.deps, { courseId: taken.id })
  let positionSeconds = 0
  return {
    student,
    course: taken,
    enrollmentId: id,
    at: (time) => {
      const actor = { ...actorFor(student, world.deps), at: new Date(time) }
      const [lessonId = ''] = taken.lessonIds
      const position = { lessonId, positionSeconds: positionSeconds++ }
      return world.deps.transact(async (tx) => void (await keepPosition(tx, actor, position)))
    },
  }
}

async function activityOf({ student }: Learner): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `select to_json(moment)#>>'{}' as moment from activity_days, active_moments(day, quarters) moment
     where user_id = $1 order by 1`,
    [student.id],
  )
  return rows.map(({ moment }) => new Date(moment).toISOString())
}

/** What a dashboard asks: how many people learned on each day of a time zone. */
async function studentsByDay(courseId: string, zone: string): Promise<Record<string, number>> {
  const { rows } = await world.database.pool.query(
    `select (moment at time zone $2)::date::text as day, count(distinct user_id) as students
     from activity_days, active_moments(day, quarters) moment where course_id = $1 group by 1 order by 1`,
    [courseId, zone],
  )
  return Object.fromEntries(rows.map(({ day, students }) => [day, students]))
}

describe('activity', () => {
  it('belongs to the quarter of an hour that it is in, to its last moment and on its own day', async () => {
    const learner = await makeLearner()
    await learner.at('2026-11-20T10:14:59.700Z')
    await learner.at('2026-11-20T23:59:59.999Z')
    expect(await activityOf(learner)).toEqual(['2026-11-20T10:00:00.000Z', '2026-11-20T23:45:00.000Z'])
  })
  it('is kept by quarters of an hour, one row for each day and course', async () => {
    const learner = await makeLearner()
    for (const time of [
      '2027-03-01T00:00:00Z',
      '2027-03-01T00:14:59.999Z',
      '2027-03-01T23:59:59Z',
      '2027-03-02T10:20:00Z',
    ])
      await learner.at(time)
    expect(await activityOf(learner)).toEqual([
      '2027-03-01T00:00:00.000Z',
      '2027-03-01T23:45:00.000Z',
      '2027-03-02T10:15:00.000Z',
    ])
    const { rows } = await world.database.pool.query('select from activity_days where user_id = $1', [
      learner.student.id,
    ])
    expect(rows).toHaveLength(2)
  })
  it('is a completion, a passed exam and a reset, too', async () => {
    const learner = await makeLearner()
    const { student, course, enrollmentId } = learner
    const on = (time: string) => ({ ...actorFor(student, world.deps), at: new Date(time) })
    const [, lessonId = ''] = course.lessonIds
    const outline = await findOutline(world.deps.db, { lessonId })
    await world.deps.transact((tx) =>
      completeLesson(tx, on('2027-03-01T08:00:00Z'), { lessonId, positionSeconds: null, outline }),
    )
    await world.deps.transact((tx) => passExam(tx, on('2027-03-01T09:00:00Z'), { enrollmentId }))
    await world.deps.transact((tx) => resetProgress(tx, on('2027-03-01T10:00:00Z'), course.id))
    await learner.at('2027-03-01T11:00:00Z')
    expect((await activityOf(learner)).map((moment) => moment.slice(11, 16))).toEqual([
      '08:00',
      '09:00',
      '11:00',
    ])
  })
  it('of two devices at once is one row, and nothing of it is lost', async () => {
    const learner = await makeLearner()
    const other = await makeLearner(learner.course)
    const times = Array.from({ length: 8 }, (_, n) => `2027-03-01T0${n}:30:00Z`)
    await Promise.all(times.flatMap((time) => [learner.at(time), other.at(time)]))
    expect(await activityOf(learner)).toEqual(times.map((time) => new Date(time).toISOString()))
  })

  // Each zone, with the day that each of the moments below belongs to there.
  const moments = [
    '2027-03-27T18:20:00Z',
    '2027-03-27T23:10:00Z',
    '2027-03-28T00:30:00Z',
    '2027-03-28T21:59:00Z',
    '2027-03-28T22:00:00Z',
    '2027-03-29T11:10:00Z',
  ]
  it.each([
    'UTC',
    'Europe/Berlin',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Pacific/Chatham',
    'Pacific/Kiritimati',
    'Australia/Lord_Howe',
  ])('tells the days of %s exactly, over the change to summer time', async (zone) => {
    const course = await makeCourse(world.deps)
    const expected: Record<string, number> = {}
    const dayIn = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
    const people = [await makeLearner(course), await makeLearner(course)]
    for (const [index, time] of moments.entries()) await people[index % 2]?.at(time)
    for (const day of new Set(moments.map((time) => dayIn.format(new Date(time)))))
      expected[day] = new Set(
        moments.flatMap((time, index) => (dayIn.format(new Date(time)) === day ? [index % 2] : [])),
      ).size
    expect(await studentsByDay(course.id, zone)).toEqual(expected)
  })

  it('that is missing is logged as an error and noted by night; what is known no more stays', async () => {
    const learner = await makeLearner()
    await learner.at('2027-03-01T08:00:00Z')
    await learner.at('2027-03-01T09:00:00Z')
    const error = vi.spyOn(world.deps.log, 'error')
    const check = async () => {
      await world.database.pool.query(`select graphile_worker.add_job('learning.check-facts')`)
      await world.drain()
    }
    await check()
    expect(error).not.toHaveBeenCalled()
    expect(await activityOf(learner)).toHaveLength(2)
    await world.database.pool.query('delete from activity_days where user_id = $1', [learner.student.id])
    await check()
    expect(error).toHaveBeenCalledExactlyOnceWith(
      { userId: learner.student.id, courseId: learner.course.id, at: new Date('2027-03-01T09:00:00Z') },
      expect.any(String),
    )
    expect(await activityOf(learner)).toEqual(['2027-03-01T09:00:00.000Z'])
    error.mockRestore()
  })

  it('is in the archive of the person, and erased with them', async () => {
    const learner = await makeLearner()
    await learner.at('2027-03-01T08:05:00Z')
    const client = world.client.as(learner.student.accessToken)
    const { body } = await client.get('/api/users/me/export')
    expect(body.learning.activity).toEqual([
      {
        day: '2027-03-01',
        courseId: learner.course.id,
        quarters: [expect.stringContaining('2027-03-01T08:00:00')],
      },
    ])
    await client.delete('/api/users/me', { password: learner.student.password })
    await world.drain()
    expect(await activityOf(learner)).toEqual([])
  })
})
