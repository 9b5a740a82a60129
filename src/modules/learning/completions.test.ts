import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hold } from '../../../test/support/hold.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Person } from '../accounts/factory.ts'
import { actorFor, type CourseWish, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { findOutline } from '../catalogue/index.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { type Completion, completeLessons } from './complete-lesson.ts'
import { learningJobs } from './jobs.ts'
import { completeTogether } from './progress-routes.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

interface Student {
  readonly person: Person
  readonly enrollmentId: string
}

interface Class {
  readonly course: MadeCourse
  readonly students: readonly Student[]
  /** What a student says of a lesson of the course. */
  says(student: number, lesson: number, positionSeconds?: number): Completion
}

async function makeClass(size: number, wish: CourseWish = {}): Promise<Class> {
  const course = await makeCourse(world.deps, wish)
  const students = await Promise.all(
    Array.from({ length: size }, async () => {
      const { id: enrollmentId, student: person } = await makeEnrollment(world.deps, { courseId: course.id })
      return { person, enrollmentId }
    }),
  )
  const outline = await findOutline(world.deps.db, { courseId: course.id })
  return {
    course,
    students,
    says: (student, lesson, positionSeconds) => ({
      actor: actorFor(students[student]?.person as Person, world.deps),
      lessonId: course.lessonIds[lesson] ?? '',
      positionSeconds: positionSeconds ?? null,
      outline,
    }),
  }
}

const inOne = (completions: readonly Completion[]) =>
  world.deps.transact((tx) => completeLessons(tx, completions))
const atOnce = (completions: readonly Completion[]) =>
  Promise.allSettled(completions.map(completeTogether(world.deps)))

/**
 * Does these in a transaction each, which begin while another holds what all of them want.
 * @returns how many transactions it took: one that the database chose to end a deadlock is tried again
 */
async function turnsOf(batches: readonly (readonly Completion[])[], wanted: RawBuilder<unknown>) {
  const other = await hold(world.deps.transact, (tx) => wanted.execute(tx))
  let turns = 0
  const running = batches.map((batch) =>
    world.deps.transact((tx) => {
      turns++
      return completeLessons(tx, batch)
    }),
  )
  await vi.waitFor(async () => {
    const { rows } = await world.database.pool.query(
      "select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    expect(rows[0].count).toBe(batches.length)
  }, 10_000)
  await other.release()
  await Promise.all(running)
  return turns
}

/** How each ended: the percent of the course, or the code of the refusal. */
const endsOf = (outcomes: readonly unknown[]) =>
  outcomes.map((outcome) => {
    const said = outcome as { summary?: { percent: number }; value?: unknown; kind?: { code: string } }
    const { summary, kind } = (said.value ?? (outcome as { reason?: unknown }).reason ?? said) as typeof said
    return summary?.percent ?? kind?.code
  })

/** How often each enrollment of a class is named by facts of a type. */
async function factsOf(type: string, { course }: Class): Promise<number[]> {
  const { rows } = await world.database.pool.query(
    `select count(*)::int as facts from events where type = $1 and payload->>'courseId' = $2
     group by payload->>'enrollmentId' order by 1`,
    [type, course.id],
  )
  return rows.map(({ facts }) => facts)
}

/** Runs the nightly job, which counts all anew, and expects that nothing differs. */
async function expectExact(): Promise<void> {
  const error = vi.spyOn(world.deps.log, 'error')
  for (const { run } of learningJobs) await run(world.deps, {})
  expect(error).not.toHaveBeenCalled()
  error.mockRestore()
}

async function times(of: Class, more: string): Promise<number> {
  const { rows } = await world.database.pool.query(
    `select count(*)::int as n from lesson_progress where lesson_id = any($1) and ${more}`,
    [of.course.lessonIds],
  )
  return rows[0].n
}

describe('lessons that are completed at the same moment', () => {
  it('are each stated once and counted exactly, and the last of a course completes it once', async () => {
    const many = await makeClass(20)
    const all = many.students.flatMap(({ person }) =>
      [0, 1, 2, 1].map((lesson) =>
        world.client
          .as(person.accessToken)
          .post('/api/progress/lesson', { lessonId: many.course.lessonIds[lesson] }),
      ),
    )
    expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true)
    expect(await factsOf('lesson.completed', many)).toEqual(Array(20).fill(3))
    expect(await factsOf('enrollment.completed', many)).toEqual(Array(20).fill(1))
    await expectExact()
  })

  it('take turns in one enrollment: the last two, and the last one twice', async () => {
    const two = await makeClass(2)
    await inOne([two.says(0, 0), two.says(1, 0), two.says(1, 1)])
    const outcomes = await inOne([two.says(0, 1), two.says(1, 2), two.says(0, 2), two.says(1, 2)])
    expect(endsOf(outcomes)).toEqual([66, 100, 100, 100])
    expect(await factsOf('lesson.completed', two)).toEqual([3, 3])
    expect(await factsOf('enrollment.completed', two)).toEqual([1, 1])
    await expectExact()
  })

  it('open what comes next in a sequential course, in the order in which they came', async () => {
    const one = await makeClass(1, { sequential: true })
    const outcomes = await inOne([one.says(0, 1), one.says(0, 0), one.says(0, 1)])
    expect(endsOf(outcomes)).toEqual(['lesson_locked', 33, 66])
  })

  it('keep each position in its turn, and each quarter of an hour', async () => {
    const one = await makeClass(1)
    const later = (minutes: number, said: Completion): Completion => ({
      ...said,
      actor: { ...said.actor, at: new Date(Date.parse('2027-03-01T08:00:00Z') + minutes * 60_000) },
    })
    const outcomes = await inOne([
      later(0, one.says(0, 0, 5)),
      later(20, one.says(0, 0, 9)),
      later(40, one.says(0, 0)),
      later(60, one.says(0, 0, 7)),
    ])
    const seen = outcomes.map((step) => 'lesson' in step && step.lesson.progress)
    const completed_at = new Date('2027-03-01T08:00:00Z')
    expect(seen).toMatchObject([5, 9, 9, 7].map((position_seconds) => ({ completed_at, position_seconds })))
    const { rows } = await world.database.pool.query(
      `select to_json(moment at time zone 'UTC')#>>'{}' as moment from activity_days, active_moments(day, quarters) moment
       where user_id = $1 order by 1`,
      [one.students[0]?.person.id],
    )
    expect(rows.map(({ moment }) => moment.slice(11, 16))).toEqual(['08:00', '08:15', '09:00'])
    expect(await times(one, 'position_seconds = 7')).toBe(1)
  })

  it('a refusal among many is that of one, and changes nothing for the others', async () => {
    const many = await makeClass(4, { sequential: true, sections: [[{}, { type: 'quiz' }]] })
    const stranger = (await makeClass(1)).says(0, 0)
    const gone = { ...many.says(2, 0), lessonId: stranger.lessonId }
    const outcomes = await atOnce([
      many.says(0, 0),
      many.says(1, 1),
      { ...many.says(1, 0), actor: stranger.actor },
      many.says(1, 0),
      gone,
      many.says(1, 1),
      { ...many.says(2, 0), outline: undefined },
      many.says(3, 0),
    ])
    expect(endsOf(outcomes)).toEqual([
      50,
      'lesson_locked',
      'not_enrolled',
      50,
      'not_found',
      'quiz_required',
      'not_found',
      50,
    ])
    expect(await factsOf('lesson.completed', many)).toEqual([1, 1, 1])
    expect(await times(many, 'true')).toBe(3)
    await expectExact()
  })

  it('404: a lesson that is removed while others are completed with it', async () => {
    const many = await makeClass(6)
    // So that the outline, as it is remembered, still has it.
    await world.database.pool.query('delete from lessons where id = $1', [many.course.lessonIds[1]])
    const outcomes = await atOnce(many.students.map((_, n) => many.says(n, n === 4 ? 1 : 0)))
    expect(endsOf(outcomes)).toEqual([33, 33, 33, 33, 'not_found', 33])
    expect(await factsOf('lesson.completed', many)).toEqual([1, 1, 1, 1, 1])
    await expectExact()
  })

  it('never wait for one another in a circle', async () => {
    const classes = [await makeClass(24), await makeClass(24)]
    const said = (lesson: number) => classes.flatMap((one) => one.students.map((_, n) => one.says(n, lesson)))
    const wanted = sql`select from enrollments where id = ${classes[0]?.students[0]?.enrollmentId} for update`
    expect(await turnsOf([said(0), said(1).toReversed(), said(0).toReversed()], wanted)).toBe(3)
    for (const one of classes) expect(await factsOf('lesson.completed', one)).toEqual(Array(24).fill(2))
    await expectExact()
  })

  it('nor where some begin the course that others have begun', async () => {
    const one = await makeClass(60)
    const shards = Array.from({ length: 8 }, (): number[] => [])
    for (const [n, { enrollmentId }] of one.students.entries())
      shards[Number.parseInt(enrollmentId.slice(-2), 16) % 8]?.push(n)
    const [low = [], middle = [], high = []] = shards.filter(({ length }) => length >= 2).slice(-3)
    const all = (students: readonly (number | undefined)[], lesson: number) =>
      students.map((n = -1) => one.says(n, lesson))
    await inOne(all([low[0], middle[0], high[0], high[1]], 0))
    const batches = [all([middle[0], high[0], low[1]], 1), all([low[0], high[1], middle[1]], 1)]
    const wanted = sql`select from course_progress
      where course_id = ${one.course.id} and shard = ${shards.indexOf(high)} for update`
    expect(await turnsOf(batches, wanted)).toBe(2)
    await expectExact()
  })

  it('cost three statements for however many, beside begin and commit', async () => {
    const many = await makeClass(12)
    world.statements.length = 0
    await inOne(many.students.map((_, n) => many.says(n, n % 3)))
    expect(world.statements).toHaveLength(5)
  })

  it('are planned once, not for each number of them', async () => {
    const many = await makeClass(9)
    const plans = await world.deps.transact(async (tx) => {
      for (let count = 1; count <= 9; count++)
        await completeLessons(
          tx,
          Array.from({ length: count }, (_, n) => many.says(n, 0, count)),
        )
      const { rows } = await sql<{ plans: number }>`
        select custom_plans::int as plans from pg_prepared_statements
        where statement like '%insert into lesson_progress%' or statement like '%json_agg(json_build_array(lesson_id%unnest%'
          or statement like '%unnest%for no key update%'`.execute(tx)
      return rows.map((row) => row.plans)
    })
    // PostgreSQL compares after five (its documentation, "PREPARE"): from then on it keeps one plan, or never.
    expect(plans).toEqual([5, 5, 5])
  })
})
