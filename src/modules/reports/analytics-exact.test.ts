import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Random, randomOf } from '../../../test/proof/random.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeQuiz, makeQuiz, rightAnswers } from '../assessments/factory.ts'
import { makePayment } from '../payments/factory.ts'
import { reportJobs } from './jobs.ts'

const seed = Number(process.env.ANALYTICS_SEED ?? Date.now() % 100_000)
/** At least; then as many more as it takes until there is something of everything. */
const steps = 80
const patience = 1_000
/** With summer time by the hour and by half an hour, skipped midnights, offsets of 45 minutes, and the two ends of the day. */
const zones = [
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Europe/London',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
]

let world: World
let admin: Person
let first: Date
/** What was done, as the test did it: positions, which are replaced, are in no table. */
const deeds: { userId: string; courseId: string; at: Date }[] = []
const courses: MadeQuiz[] = []
const students: Person[] = []

const as = (person: Person) => world.client.as(person.accessToken)
const rows = async (text: string, values: unknown[] = []) =>
  (await world.database.pool.query(text, values)).rows

/** Before the clocks of the north go forward and those of the south go back; so that what happens is often just short of the hour. */
function nextMarch(now: Date): Date {
  const march = (year: number) => new Date(Date.UTC(year, 2, 6, 2, 59, 59, 700))
  return march(now.getUTCFullYear() + Number(march(now.getUTCFullYear()) <= now))
}

async function step(random: Random): Promise<void> {
  world.clock.advance({ minutes: 5 * random.between(1, random.happens(0.1) ? 400 : 100) })
  const student = random.pick(students)
  const quiz = random.pick(courses)
  if (!student || !quiz || random.happens(0.15)) {
    students.push(await makePerson(world.deps))
    return
  }
  const { courseId, id: quizId } = quiz
  const did = () => deeds.push({ userId: student.id, courseId, at: world.clock.now() })
  const enrolled = await as(student).post('/api/enrollments', { courseId })
  if (random.happens(0.2)) return
  const lesson = await rows(`select id from lessons where course_id = $1 and type = 'text'`, [courseId])
  const chance = random.next()
  if (chance < 0.35) {
    const completed = random.happens(0.5)
      ? { completed: true }
      : { positionSeconds: random.between(1, 9_999) }
    const { status } = await as(student).post('/api/progress/lesson', {
      lessonId: lesson[0].id,
      ...completed,
    })
    // said again, it changes nothing
    const [again] = await rows('select 1 from lesson_progress where updated_at = $1', [world.clock.now()])
    if (status === 200 && again) did()
  } else if (chance < 0.75) {
    const begun = await as(student).post(`/api/quizzes/${quizId}/attempts`)
    if (begun.status !== 201) return
    did()
    world.clock.advance({ minutes: random.between(0, 40) })
    const answers = rightAnswers(begun.body, quiz.quiz.questions).filter(() => random.happens(0.9))
    await as(student).put(`/api/attempts/${begun.body.id}/answers`, { answers })
    did()
    await as(student).post(`/api/attempts/${begun.body.id}/submit`)
  } else if (chance < 0.85 && enrolled.body.id) {
    await as(student).post(`/api/enrollments/${enrolled.body.id}/cancel`)
  } else {
    const price = random.happens(0.7) ? { amount: 49_900, currency: 'INR' } : { amount: 900, currency: 'JPY' }
    const { payment } = await makePayment(world.deps, { student, price, captured: random.happens(0.8) })
    if (payment.status !== 'captured' || random.happens(0.4)) return
    world.clock.advance({ hours: random.between(0, 30) })
    const part = { amount: { ...price, amount: random.between(1, price.amount) } }
    await as(admin).post(`/api/payments/${payment.id}/refund`, random.happens(0.5) ? part : {})
    await world.drain()
  }
}

async function countActive(): Promise<void> {
  for (const { job, run } of reportJobs)
    if (job.name === 'reports.count-active-people') await run(world.deps, {})
}

/** What there is too little of for the comparisons to say something. */
async function missing(): Promise<string[]> {
  const found = await rows(`
    select 'enrollments' as what, count(*)::int from enrollments
    union all select 'attempts', count(*)::int from attempts
    union all select 'refunds', count(*)::int from refunds
    union all select 'active_people', count(*)::int from active_people
    union all select 'currencies', 1 + count(distinct currency)::int from payments where status = 'captured'`)
  const few = found.filter(({ count }) => count < 3).map(({ what }) => what)
  return deeds.length > 20 ? few : [...few, 'deeds']
}

beforeAll(async () => {
  world = await createWorld({ config: { accessTokenSeconds: 500 * 86_400 } })
  const random = randomOf(seed)
  const now = world.clock.now()
  world.clock.advance({ seconds: (nextMarch(now).getTime() - now.getTime()) / 1_000 })
  first = world.clock.now()
  admin = await makePerson(world.deps, { role: 'admin' })
  for (let count = 0; count < 2; count++) {
    courses.push(await makeQuiz(world.deps, { exam: true }))
  }
  for (let count = 0; count < steps; count++) {
    await step(random)
    if (count === steps / 2) await countActive()
  }
  for (let more = 0; more < patience && (await missing()).length > 0; more++) await step(random)
  await world.drain()
}, 240_000)
afterAll(() => world.close())

/** The local date of a moment, slowly: `2026-03-08`. */
const formats = new Map<string, Intl.DateTimeFormat>()
function dateIn(timezone: string, at: Date): string {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  formats.set(timezone, format)
  return format.format(at)
}

/** The day, Monday or month that a moment belongs to there. */
function keyOf(interval: string, timezone: string, at: Date): string {
  const date = dateIn(timezone, at)
  if (interval === 'month') return date.slice(0, 7)
  if (interval === 'day') return date
  const day = new Date(`${date}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
  return day.toISOString().slice(0, 10)
}

/** Every interval between two moments, found a quarter of an hour at a time: its key, and when it begins. */
function walk(interval: string, timezone: string, from: Date, to: Date): Map<string, string> {
  const begins = new Map<string, string>()
  const quarter = 900_000
  let at = Math.floor(from.getTime() / quarter) * quarter
  const key = keyOf(interval, timezone, from)
  while (keyOf(interval, timezone, new Date(at - quarter)) === key) at -= quarter
  for (; at <= to.getTime(); at += quarter) {
    const here = keyOf(interval, timezone, new Date(at))
    if (!begins.has(here)) begins.set(here, new Date(at).toISOString())
  }
  return begins
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)
const tenth = (part: number, whole: number) => (whole === 0 ? null : Math.round((10 * part) / whole) / 10)

/** Compares a series with what `count` says of each interval, given which moments belong to it. */
async function compare(
  path: string,
  count: (belongs: (at: Date | null) => boolean) => Record<string, unknown>,
): Promise<void> {
  for (const timezone of zones) {
    for (const interval of ['day', 'week', 'month']) {
      const to = world.clock.now()
      const query = `from=${first.toISOString()}&to=${to.toISOString()}&interval=${interval}&timezone=${timezone}`
      const { status, body } = await as(admin).get(`/api/analytics/${path}?${query}`)
      expect(status).toBe(200)
      const last = new Date(to.getTime() - 1)
      const expected = [...walk(interval, timezone, first, last)].map(([key, start]) => ({
        start,
        ...count((at) => at !== null && keyOf(interval, timezone, at) === key),
      }))
      expect(body.series, `${path} ${interval} ${timezone}`).toEqual(expected)
    }
  }
}

describe(`after a random history (ANALYTICS_SEED=${seed})`, { timeout: 240_000 }, () => {
  const peopleIn = (belongs: (at: Date) => boolean, among = deeds) =>
    new Set(among.filter(({ at }) => belongs(at)).map(({ userId }) => userId)).size
  const activity = async () => {
    const users = await rows('select created_at from users')
    await compare('user-activity', (belongs) => ({
      activePeople: peopleIn(belongs),
      newUsers: users.filter((user) => belongs(user.created_at)).length,
    }))
  }

  it('has something of everything', async () => {
    expect(await missing()).toEqual([])
  })
  it('enrollments are those of the table', async () => {
    const all = await rows('select * from enrollments')
    const among = (belongs: (at: Date | null) => boolean, column: string) =>
      all.filter((row) => belongs(row[column])).length
    await compare('enrollments', (belongs) => ({
      begun: among(belongs, 'created_at'),
      activated: among(belongs, 'activated_at'),
      completed: among(belongs, 'completed_at'),
      cancelled: among(belongs, 'cancelled_at'),
    }))
  })
  it('revenue is what the ledger says', async () => {
    const entries = await rows(
      'select account, abs(amount) as amount, currency, at from ledger_entries join ledger_movements on id = movement_id',
    )
    const paid = await rows(
      `select currency, at from payment_history join payments on payments.id = payment_id
       where to_status = 'captured' and reason = 'paid'`,
    )
    const currencies = [...new Set(entries.map(({ currency }) => currency))].sort()
    await compare('revenue', (belongs) => ({
      revenue: currencies.map((currency) => {
        const here = entries.filter((entry) => entry.currency === currency && belongs(entry.at))
        const of = (account: string) =>
          sumOf(here.filter((entry) => entry.account === account).map(({ amount }) => Number(amount)))
        const [captured, refunded] = [of('sales'), of('refunds')]
        return {
          captured: { amount: captured, currency },
          refunded: { amount: refunded, currency },
          net: { amount: captured - refunded, currency },
          payments: paid.filter((payment) => payment.currency === currency && belongs(payment.at)).length,
        }
      }),
    }))
  })
  it('engagement and quizzes of each course are those of progress, deeds and attempts', async () => {
    for (const { courseId, id } of courses) {
      const enrollments = await rows('select * from enrollments where course_id = $1', [courseId])
      const lessons = await rows(
        `select lesson_progress.completed_at from lesson_progress join enrollments on enrollments.id = enrollment_id where course_id = $1`,
        [courseId],
      )
      const done = deeds.filter((deed) => deed.courseId === courseId)
      await compare(`courses/${courseId}/engagement`, (belongs) => ({
        activeStudents: peopleIn(belongs, done),
        activeMinutes:
          15 *
          new Set(
            done
              .filter(({ at }) => belongs(at))
              .map(({ userId, at }) => `${userId} ${Math.floor(at.getTime() / 900_000)}`),
          ).size,
        lessonsCompleted: lessons.filter((row) => belongs(row.completed_at)).length,
        completions: enrollments.filter((row) => belongs(row.completed_at)).length,
        newEnrollments: enrollments.filter((row) => belongs(row.activated_at)).length,
      }))
      const attempts = await rows('select * from attempts where quiz_id = $1', [id])
      await compare(`courses/${courseId}/quizzes`, (belongs) => {
        const here = attempts.filter((row) => belongs(row.submitted_at))
        return {
          attempts: here.length,
          averageScorePercent: tenth(sumOf(here.map((row) => row.score_percent)), here.length),
          passRatePercent: tenth(100 * here.filter((row) => row.passed).length, here.length),
        }
      })
    }
  })
  it('people are counted once in each interval, before the runs of days are counted and after', async () => {
    await activity()
    await countActive()
    await activity()
    await rows('delete from active_people')
    await activity()
    await countActive()
  })
  it('whoever is erased is counted no more, in runs that are counted anew', async () => {
    const runs = async () => (await rows('select from active_people')).length
    const gone = students.find(({ id }) => deeds.some(({ userId }) => userId === id))
    if (!gone) throw new Error('nobody did anything')
    expect((await as(gone).delete('/api/users/me', { password: gone.password })).status).toBe(204)
    await world.drain()
    deeds.splice(0, deeds.length, ...deeds.filter(({ userId }) => userId !== gone.id))
    expect(await runs()).toBeGreaterThan(10)
    await activity()
  })
})
