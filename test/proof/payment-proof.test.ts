import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backgroundWork } from '../../src/app.ts'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { createCoupon } from '../../src/modules/payments/create-coupon.ts'
import { reconcile } from '../../src/modules/payments/jobs.ts'
import type { JobHandler } from '../../src/platform/jobs/jobs.ts'
import type { Money } from '../../src/platform/money.ts'
import { createWorld, type World } from '../support/world.ts'
import { lightenQueue } from './light-queue.ts'
import { type QueuedJob, type Schedule, scheduleOf } from './schedule.ts'
import { faultsOf, readBooks } from './verdict.ts'

/**
 * The payment proof: chance decides who pays what, when, twice, late or not at all, which messages are lost or repeated, and where
 * the process dies. Afterwards the books are held against the gateways' own truth.
 *
 * `PROOF_SEED=123 PROOF_RUNS=1` runs one schedule again; `npm run proof` runs 100,000.
 */
const runs = Number(process.env.PROOF_RUNS ?? 2_000)
const firstSeed = Number(process.env.PROOF_SEED ?? Math.floor(Math.random() * 1_000_000_000))
const atOnce = 50
const prices: readonly Money[] = [
  { amount: 49_900, currency: 'INR' },
  { amount: 1_200, currency: 'JPY' },
  { amount: 2, currency: 'EUR' },
]

let world: World
let students: { id: string; email: string }[]
let admin: string
let courses: { id: string; price: Money }[]
let handlers: Map<string, JobHandler>

beforeAll(async () => {
  world = await createWorld()
  handlers = new Map(backgroundWork().handlers.map((handler) => [handler.job.name, handler]))
  await lightenQueue(world.database.pool, [...handlers.keys()])
  const owner = await makePerson(world.deps, { role: 'instructor' })
  admin = (await makePerson(world.deps, { role: 'admin' })).id
  courses = []
  for (const price of prices) courses.push({ id: (await makeCourse(world.deps, { owner, price })).id, price })
  students = []
  for (let made = 0; made < atOnce; made++) students.push(await makePerson(world.deps))
  await makeCoupons()
  await world.database.pool.query('truncate waiting_events, graphile_worker._private_jobs')
})
afterAll(() => world.close())

/** Each student has two of their own: half the price, and all of it, once each. */
async function makeCoupons(): Promise<void> {
  const actor = { userId: admin, role: 'admin', sessionId: null, at: world.clock.now() } as const
  await world.deps.transact(async (tx) => {
    for (const index of students.keys()) {
      await createCoupon(tx, actor, { code: `HALF-${index}`, percentOff: 50, maxRedemptions: 1 })
      await createCoupon(tx, actor, { code: `FREE-${index}`, percentOff: 100, perUser: 1 })
    }
  })
}

function courseOf(seed: number): { id: string; price: Money } {
  const course = courses[seed % courses.length]
  if (!course) throw new Error('there is no course')
  return course
}

/** Runs so many schedules side by side, and tells what was wrong with each. */
async function runBatch(seed: number, count: number): Promise<string[]> {
  const { deps } = world
  world.statements.length = 0
  const schedules = students.slice(0, count).map(({ id: student, email }, index) => {
    const own = seed + index
    const coupons = { half: `HALF-${index}`, free: `FREE-${index}` }
    return scheduleOf({ seed: own, deps, handlers, student, email, admin, course: courseOf(own), coupons })
  })
  const each = (work: (schedule: Schedule) => Promise<void>) => Promise.all(schedules.map(work))

  for (let tick = 1; tick <= 15; tick++) {
    await each((schedule) => schedule.step(tick))
    world.clock.advance({ seconds: 30 })
    if (tick === 5) await passOneDay()
    if (tick === 11) await runScheduled()
    await handOut(schedules)
  }
  // Then nothing breaks any more: what is lost is asked for, what waited for a day fails, what is late arrives even so.
  for (const schedule of schedules) schedule.calm()
  await drain(schedules)
  for (const wait of [{ minutes: 10 }, { hours: 26 }]) {
    world.clock.advance(wait)
    await runScheduled()
    await drain(schedules)
  }
  await each((schedule) => schedule.deliverAll())
  await drain(schedules)

  const books = await readBooks(
    world.database.pool,
    students.map(({ id }) => id),
  )
  const wrong = schedules.flatMap((schedule) => {
    const own = books.get(schedule.userId)
    const faults = own ? faultsOf(schedule, own) : ['no books']
    return faults.length === 0 ? [] : [tell(schedule, faults)]
  })
  await world.database.pool.query(
    // The audit log is only added to, and its triggers see to that; between batches the school is made new.
    `set session_replication_role = replica;
     truncate payments, payment_history, payment_captures, refunds, ledger_movements, ledger_entries, webhook_inbox,
       enrollments, events, waiting_events, graphile_worker._private_jobs cascade;
     reset session_replication_role`,
  )
  await world.database.pool.query('update coupons set redeemed = 0')
  await world.database.pool.query(
    `update users set status = 'active', email = student.email
     from jsonb_to_recordset($1) as student (id uuid, email text) where users.id = student.id and status = 'deleted'`,
    [JSON.stringify(students)],
  )
  return wrong
}

/** What the clock starts: the gateways are asked, what was left pending for a day ends. */
async function runScheduled(): Promise<void> {
  await handlers.get('enrollments.expire-pending')?.run(world.deps, {})
  await handlers.get(reconcile.name)?.run(world.deps, {})
}

/** With one look at the gateways before it, as there is every two minutes. */
async function passOneDay(): Promise<void> {
  world.clock.advance({ minutes: 3 })
  await runScheduled()
  world.clock.advance({ hours: 25 })
  await runScheduled()
}

async function drain(schedules: readonly Schedule[]): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await handOut(schedules)
    if (schedules.every(({ queue }) => queue.length === 0)) return
    await Promise.all(schedules.map((schedule) => schedule.work()))
  }
}

/** Enrollments and payments hear of these; the other facts, and the other subscribers, have nobody here. */
const heard = new Set(['enrollment.activated', 'enrollment.cancelled', 'user.deleted'])

let lastJob = '0'
let lastEvent = '00000000-0000-0000-0000-000000000000'

/**
 * The events that came since the last time, each as a piece of work of its own, so that chance breaks them off one by one: nothing runs
 * while they are handed out.
 */
async function takeEvents(): Promise<(QueuedJob & { user_id: string | null; type: string })[]> {
  const { rows } = await world.database.pool.query<{ id: string; type: string; user_id: string | null }>(
    `with taken as (delete from waiting_events returning event_id)
     select id, type, payload->>'userId' as user_id from events
     where id in (select event_id from taken) and id > $1 order by id`,
    [lastEvent],
  )
  lastEvent = rows.at(-1)?.id ?? lastEvent
  return rows.map(({ id, ...of }) => ({ ...of, id: '0', name: 'dispatch-event', payload: { eventId: id } }))
}

/** Takes finished jobs off the queue, and gives the new ones to the schedule whose they are. */
async function handOut(schedules: readonly Schedule[]): Promise<void> {
  const done = schedules.flatMap(({ finished }) => finished.splice(0))
  const { rows } = await world.database.pool.query<
    QueuedJob & { user_id: string | null; type: string | null; subscriber: string | null }
  >(
    `with finished as (delete from graphile_worker._private_jobs where id = any($1::bigint[]))
     select j.id::text, t.identifier as name, j.payload, coalesce(p.user_id::text, e.payload->>'userId') as user_id, e.type,
       j.payload->>'subscriber' as subscriber
     from graphile_worker._private_jobs j
     join graphile_worker._private_tasks t on t.id = j.task_id
     left join webhook_inbox i on i.id::text = j.payload->>'inboxId'
     left join refunds r on r.id::text = j.payload->>'refundId'
     left join payments p on p.id::text =
       coalesce(j.payload->>'paymentId', r.payment_id::text, substr(i.event->>'reference', 5))
     left join events e on e.id::text = j.payload->>'eventId'
     where j.id > $2::bigint order by j.id`,
    [done, lastJob],
  )
  lastJob = rows.at(-1)?.id ?? lastJob
  const facts = (await takeEvents()).map((fact) => ({ ...fact, subscriber: null }))
  for (const { user_id, type, subscriber, ...job } of [...rows, ...facts]) {
    const schedule = schedules.find(({ userId }) => userId === user_id)
    if (!schedule) throw new Error(`whose is the job ${job.name} ${JSON.stringify(job.payload)}?`)
    const concerns = subscriber === null || /^(payments|enrollments)\./.test(subscriber)
    if (type === null || (heard.has(type) && concerns)) schedule.queue.push(job)
    else schedule.finished.push(job.id)
  }
}

function tell({ seed, story }: Schedule, faults: readonly string[]): string {
  return [
    `PROOF_SEED=${seed} PROOF_RUNS=1:`,
    ...faults.map((fault) => `  ${fault}`),
    ...story.map((line) => `    ${line}`),
  ].join('\n')
}

describe('the payment proof', () => {
  it(`money in full if and only if access, one movement per movement, sums agree: ${runs} schedules from seed ${firstSeed}`, {
    timeout: 60_000 + runs * 400,
  }, async () => {
    const started = performance.now()
    for (let done = 0; done < runs; done += atOnce) {
      const wrong = await runBatch(firstSeed + done, Math.min(atOnce, runs - done))
      expect(wrong.slice(0, 3).join('\n\n')).toBe('')
    }
    const perSecond = Math.round((runs / (performance.now() - started)) * 1_000)
    process.stdout.write(`payment proof: ${runs} schedules from seed ${firstSeed}, ${perSecond} a second\n`)
  })
})
