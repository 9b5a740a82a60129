import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { actorFor, makeCourse } from '../catalogue/factory.ts'
import { findOutline } from '../catalogue/index.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { completeLesson } from './complete-lesson.ts'
import { keepPosition } from './keep-position.ts'
import { passExam } from './pass-exam.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** Resolves when so many of the database's sessions wait for a row. */
function untilWaiting(count: number): Promise<void> {
  return vi.waitFor(async () => {
    const { rows } = await world.database.pool.query(
      `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    expect(rows[0].count).toBe(count)
  }, 10_000)
}

interface Wish {
  readonly enrollmentId: string
  readonly begun: string
  readonly fresh: string
}
type Deed = (tx: Tx, actor: Actor, wish: Wish) => Promise<unknown>
const firstPosition: Deed = (tx, actor, { fresh: lessonId }) =>
  keepPosition(tx, actor, { lessonId, positionSeconds: 1 })
const laterPosition: Deed = (tx, actor, { begun: lessonId }) =>
  keepPosition(tx, actor, { lessonId, positionSeconds: 2 })
const completion: Deed = (tx, actor, { begun: lessonId }) =>
  findOutline(tx, { lessonId }).then((outline) =>
    completeLesson(tx, actor, { lessonId, positionSeconds: null, outline }),
  )
const pass: Deed = (tx, actor, { enrollmentId }) => passExam(tx, actor, { enrollmentId })

describe('What a student does on two devices at the same moment', () => {
  it.each<[string, Deed, Deed]>([
    ['a first position and a completion', firstPosition, completion],
    ['a completion and a first position', completion, firstPosition],
    ['a passed exam and a first position', pass, firstPosition],
    ['a later position and a completion', laterPosition, completion],
  ])('is taken in turn, without a deadlock: %s', async (_, first, second) => {
    const course = await makeCourse(world.deps)
    const { id: enrollmentId, student } = await makeEnrollment(world.deps, { courseId: course.id })
    const [begun = '', fresh = ''] = course.lessonIds
    const on = (time: string) => ({ ...actorFor(student, world.deps), at: new Date(time) })
    await world.deps.transact((tx) =>
      keepPosition(tx, on('2027-03-01T08:00:00Z'), { lessonId: begun, positionSeconds: 1 }),
    )

    const other = await world.database.pool.connect()
    let turns = 0
    const does = (deed: Deed) =>
      world.deps.transact((tx) => {
        turns++
        return deed(tx, on('2027-03-01T09:00:00Z'), { enrollmentId, begun, fresh })
      })
    try {
      await other.query('begin')
      await other.query('select from activity_days where user_id = $1 for update', [student.id])
      const one = does(first)
      await untilWaiting(1)
      const two = does(second)
      await untilWaiting(2)
      await other.query('commit')
      await Promise.all([one, two])
    } finally {
      other.release()
    }
    // A transaction that the database chose to end a deadlock would have been tried again.
    expect(turns).toBe(2)
  })
})
