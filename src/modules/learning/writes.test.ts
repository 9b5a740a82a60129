import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Person } from '../accounts/factory.ts'
import { actorFor, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { findOutline } from '../catalogue/index.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { completeLesson } from './complete-lesson.ts'
import { keepPosition } from './keep-position.ts'

let world: World
let course: MadeCourse
let student: Person
beforeAll(async () => {
  world = await createWorld()
  // Far from midnight: the next day has a row of its own.
  const secondsOfDay = Math.floor(world.clock.now().getTime() / 1_000) % 86_400
  world.clock.advance({ seconds: 86_400 + 43_200 - secondsOfDay })
  course = await makeCourse(world.deps, { sections: [[{}, {}]] })
  student = (await makeEnrollment(world.deps, { courseId: course.id })).student
})
afterAll(() => world.close())

interface Written {
  readonly inserted: number
  readonly updated: number
  readonly hot: number
}

/** What recording wrote, by PostgreSQL's own count, tables of the queue and of events included. */
function written(done: { completed: true } | { positionSeconds: number }): Promise<Record<string, Written>> {
  world.clock.advance({ seconds: 5 })
  const [lessonId = ''] = course.lessonIds
  return world.deps.transact(async (tx) => {
    const before = await countWrites(tx)
    const actor = actorFor(student, world.deps)
    if ('completed' in done)
      await completeLesson(tx, actor, {
        lessonId,
        positionSeconds: null,
        outline: await findOutline(tx, { lessonId }),
      })
    else await keepPosition(tx, actor, { lessonId, ...done })
    const wrote = [...(await countWrites(tx))].map(([name, now]) => {
      const then = before.get(name) ?? { inserted: 0, updated: 0, hot: 0 }
      const { inserted, updated, hot } = now
      return [
        name,
        { inserted: inserted - then.inserted, updated: updated - then.updated, hot: hot - then.hot },
      ] as const
    })
    return Object.fromEntries(wrote.filter(([, { inserted, updated }]) => inserted + updated > 0))
  })
}

/** Of this connection, the transactions before this one included until they are reported. */
async function countWrites(tx: Tx): Promise<Map<string, Written>> {
  const { rows } = await sql<Written & { name: string }>`
    select relname as name, n_tup_ins as inserted, n_tup_upd as updated, n_tup_hot_upd as hot
    from pg_stat_xact_user_tables`.execute(tx)
  return new Map(rows.map(({ name, ...counts }) => [name, counts]))
}

const insertOnly: Written = { inserted: 1, updated: 0, hot: 0 }
const oneHotUpdate: Written = { inserted: 0, updated: 1, hot: 1 }

describe('what a player that sends its position costs', () => {
  it('the first in a lesson begins it; each further one updates one row, in place, and writes nothing else', async () => {
    expect(await written({ positionSeconds: 5 })).toEqual({
      lesson_progress: insertOnly,
      enrollment_facts: insertOnly,
      activity_days: insertOnly,
    })
    for (let position = 10; position <= 50; position += 5)
      expect(await written({ positionSeconds: position })).toEqual({ lesson_progress: oneHotUpdate })
  })
  it('in another quarter of an hour, it also marks that in the row of the day', async () => {
    world.clock.advance({ minutes: 15 })
    expect(await written({ positionSeconds: 50 })).toEqual({})
    expect(await written({ positionSeconds: 49 })).toEqual({
      lesson_progress: oneHotUpdate,
      activity_days: oneHotUpdate,
    })
    expect(await written({ positionSeconds: 50 })).toEqual({ lesson_progress: oneHotUpdate })
  })
  it('the same position again writes nothing', async () => {
    expect(await written({ positionSeconds: 50 })).toEqual({})
  })
  it('a completion updates its row and the facts; repeated, it writes nothing', async () => {
    expect(await written({ completed: true })).toMatchObject({
      lesson_progress: oneHotUpdate,
      enrollment_facts: oneHotUpdate,
      learning_counts: insertOnly,
      events: insertOnly,
    })
    expect(await written({ completed: true })).toEqual({})
  })
  it('a position in a completed lesson is one row still', async () => {
    expect(await written({ positionSeconds: 7 })).toEqual({ lesson_progress: oneHotUpdate })
  })
})

describe('what a lesson that is removed costs', () => {
  it('a row of counts for each shard, not for each student who completed it', async () => {
    const { id: courseId, lessonIds } = await makeCourse(world.deps)
    const [lessonId = ''] = lessonIds
    const students = 24
    for (let n = 0; n < students; n++) {
      const { student } = await makeEnrollment(world.deps, { courseId })
      const outline = await findOutline(world.deps.db, { lessonId })
      const input = { lessonId, positionSeconds: null, outline }
      await world.deps.transact((tx) => completeLesson(tx, actorFor(student, world.deps), input))
    }
    const counts = await world.deps.transact(async (tx) => {
      const before = (await countWrites(tx)).get('learning_counts')
      await sql`delete from lessons where id = ${lessonId}`.execute(tx)
      const after = (await countWrites(tx)).get('learning_counts')
      return (after?.updated ?? 0) - (before?.updated ?? 0)
    })
    expect(counts).toBeGreaterThan(0)
    expect(counts).toBeLessThanOrEqual(16)
    const { rows } = await world.database.pool.query(
      'select sum(completed_lessons)::int as lessons from enrollment_facts where course_id = $1',
      [courseId],
    )
    expect(rows).toEqual([{ lessons: 0 }])
  })
})
