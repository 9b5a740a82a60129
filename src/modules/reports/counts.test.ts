import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makePayment } from '../payments/factory.ts'
import { countTables } from './counts.ts'
import { reportJobs } from './jobs.ts'

let world: World
let admin: Person
beforeAll(async () => {
  // so long that the clock can be moved
  world = await createWorld({ config: { accessTokenSeconds: 100 * 86_400 } })
  admin = await makePerson(world.deps, { role: 'admin' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const rows = async (text: string, values: unknown[] = []) =>
  (await world.database.pool.query(text, values)).rows
const totalsOf = async (courseId: string) =>
  (await rows('select * from enrollment_totals where course_id = $1', [courseId]))[0]
const revenueOf = (courseId: string) =>
  rows('select currency, captured, refunded, payments from revenue_totals where course_id = $1', [courseId])
const slotsOf = (courseId: string) =>
  rows('select slot, begun, activated, cancelled from enrollment_slots where course_id = $1 order by slot', [
    courseId,
  ])

/** Runs the nightly job and gives what it logged as errors. */
async function check(): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  for (const { run } of reportJobs) await run({ ...world.deps, log }, {})
  return lines
}

describe('the counts', () => {
  it('follow an enrollment from state to state, by quarters of an hour', async () => {
    const { id: courseId } = await makeCourse(world.deps)
    await makeEnrollment(world.deps, { courseId, status: 'completed' })
    await makeEnrollment(world.deps, { courseId })
    world.clock.advance({ minutes: 15 })
    const { id, student } = await makeEnrollment(world.deps, { courseId })
    world.clock.advance({ minutes: 15 })
    await as(student).post(`/api/enrollments/${id}/cancel`)
    await world.drain()
    expect(await totalsOf(courseId)).toMatchObject({ pending: 0, active: 1, completed: 1, cancelled: 1 })
    expect(await slotsOf(courseId)).toMatchObject([
      { begun: 2, activated: 2, cancelled: 0 },
      { begun: 1, activated: 1, cancelled: 0 },
      { begun: 0, activated: 0, cancelled: 1 },
    ])
  })
  it('count once what is said to be cancelled twice: given up by the student, then ended by an admin', async () => {
    const { payment, student } = await makePayment(world.deps, { captured: true })
    await as(student).post(`/api/enrollments/${payment.enrollment_id}/cancel`)
    world.clock.advance({ hours: 1 })
    await as(admin).post(`/api/enrollments/${payment.enrollment_id}/cancel`)
    await world.drain()
    const said = `select from events where type = 'enrollment.cancelled' and payload ->> 'enrollmentId' = $1`
    expect(await rows(said, [payment.enrollment_id])).toHaveLength(2)
    expect(await totalsOf(payment.course_id)).toMatchObject({ active: 0, cancelled: 1 })
  })
  it('say what came in each currency and what went back of it, and nothing of money that was never ours', async () => {
    const { id: courseId } = await makeCourse(world.deps, { price: { amount: 49_900, currency: 'INR' } })
    const { payment } = await makePayment(world.deps, { courseId, captured: true })
    const { payment: pending } = await makePayment(world.deps, { courseId })
    await makePayment(world.deps, { courseId, captured: true })
    await as(admin).post(`/api/payments/${payment.id}/refund`, { amount: { amount: 900, currency: 'INR' } })
    await world.client.post(`/api/payments/simulator/${pending.id}`, { outcome: 'declined' })
    await world.drain()
    expect(await revenueOf(courseId)).toEqual([
      { currency: 'INR', captured: 99_800, refunded: 900, payments: 2 },
    ])
    await as(admin).post(`/api/payments/${payment.id}/refund`, {})
    await world.drain()
    expect(await revenueOf(courseId)).toMatchObject([{ captured: 99_800, refunded: 49_900 }])
    expect(await totalsOf(courseId)).toMatchObject({ pending: 1, active: 1, cancelled: 1 })
  })
  it('agree with all rows that they are counted from', async () => {
    expect(await check()).toEqual([])
  })
})

async function studyOneLesson(): Promise<void> {
  const course = await makeCourse(world.deps)
  const { student } = await makeEnrollment(world.deps, { courseId: course.id })
  await as(student).post('/api/progress/lesson', { lessonId: course.lessonIds[0], completed: true })
  await world.drain()
}

describe('the nightly job', () => {
  beforeAll(studyOneLesson)

  it('leaves out what is still on its way to be counted, which is then counted once', async () => {
    const { courseId } = await makeEnrollment(world.deps)
    expect(await check()).toEqual([])
    expect(await totalsOf(courseId)).toBeUndefined()
    await world.drain()
    expect(await totalsOf(courseId)).toMatchObject({ active: 1 })
    expect(await check()).toEqual([])
  })
  it.each(countTables.map(({ table, sums, sharded }) => ({ table, column: Object.keys(sums)[0], sharded })))(
    'logs what is wrong in $table as an error, and repairs it',
    async ({ table, column, sharded }) => {
      const before = await rows(`select * from ${table} order by ${table}::text`)
      await rows(
        `update ${table} set ${column} = ${column} + 7 where ctid = (select min(ctid) from ${table})`,
      )
      expect(await check()).toMatchObject([{ table, msg: 'a count of the reports was wrong; repaired' }])
      expect(await check()).toEqual([])
      await rows(`delete from ${table}`)
      expect((await check()).length).toBeGreaterThan(0)
      expect(await check()).toEqual([])
      const unsharded = `select * from ${table} order by ${table}::text`
      if (!sharded) expect(await rows(unsharded)).toEqual(before)
    },
  )
  it('logs and repairs facts that are wrong about the end of an enrollment, and what is counted of them', async () => {
    await rows(
      'update enrollment_facts set under_way = not under_way where ctid = (select min(ctid) from enrollment_facts)',
    )
    expect(await check()).toMatchObject([
      { msg: 'the facts of an enrollment were wrong about its end; repaired' },
    ])
    expect(await check()).toEqual([])
  })
  it('adds the shards of past days together', async () => {
    await world.drain()
    const sum = () =>
      rows('select slot, sum(begun) as begun from school_enrollment_slots group by 1 order by 1')
    const [before] = [await sum()]
    // enough that not all of them are in the first shard
    for (let made = 0; made < 8; made++) await makeEnrollment(world.deps)
    world.clock.advance({ days: 2 })
    await world.drain()
    const [after] = [await sum()]
    expect(after).not.toEqual(before)
    expect(await rows('select from school_enrollment_slots where shard > 0')).not.toEqual([])
    expect(await check()).toEqual([])
    expect(await rows('select from school_enrollment_slots where shard > 0')).toEqual([])
    expect(await sum()).toEqual(after)
  })
})
