import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ModelServer, openModelServer, type Turn } from '../../../test/support/model-server.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { reserveUsage } from './reserve-usage.ts'

const quota = 5
let server: ModelServer
let world: World
let course: MadeCourse
beforeAll(async () => {
  server = await openModelServer()
  world = await createWorld({ env: { ...server.env, AI_DAILY_QUOTA: String(quota) } })
  const lessons = Array.from({ length: 60 }, (_, index) => ({
    body: `Of the thing with the number ${index}.`,
  }))
  course = await makeCourse(world.deps, { sections: [lessons] })
})
afterAll(async () => {
  await world.close()
  await server.close()
})

let person: Person
beforeEach(async () => {
  server.behave()
  await world.database.pool.query('delete from assistant_outputs')
  person = (await makeEnrollment(world.deps, { courseId: course.id })).student
})

const summarize = (index: number, who = person) =>
  world.client.as(who.accessToken).post('/api/ai/summarize', { lessonId: course.lessonIds[index] })
const statuses = async (indexes: readonly number[]) =>
  Promise.all(indexes.map(async (index) => (await summarize(index)).status))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
const count = (all: readonly number[], status: number) => all.filter((one) => one === status).length

/** The person, a day later. */
async function signedIn(): Promise<Person> {
  const { email } = person
  const { body } = await world.client.post('/api/auth/login', { email, password: 'correct horse battery' })
  return { ...person, accessToken: body.accessToken }
}

async function usage(who = person) {
  const { rows } = await world.database.pool.query(
    'select task, model, outcome, fault, tries, input_tokens, output_tokens from assistant_usage where user_id = $1 order by id',
    [who.id],
  )
  return rows
}

/** As a process leaves it that was killed while the model worked. */
async function abandon(): Promise<void> {
  await world.database.pool.query(
    `update assistant_usage set outcome = null, ended_at = null, tries = 0 where user_id = $1`,
    [person.id],
  )
}

describe('the quota of a person and day', () => {
  it('is exact however many ask at once: 50 requests, 5 answers, 45 times 429', {
    timeout: 60_000,
  }, async () => {
    const all = await statuses(range(0, 50))
    expect([count(all, 200), count(all, 429)]).toEqual([quota, 50 - quota])
    expect(server.asked).toHaveLength(quota)
    expect(await usage()).toHaveLength(quota)
  })

  it('429 rate_limited until midnight, UTC; then there is a new one', async () => {
    await statuses(range(0, quota))
    const { status, body, headers } = await summarize(quota)
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'rate_limited' })
    const midnight = Math.ceil(world.clock.now().getTime() / 86_400_000) * 86_400
    const wait = Number(headers.get('retry-after'))
    expect(wait).toBe(midnight - Math.floor(world.clock.now().getTime() / 1_000))
    await world.client.as(person.accessToken).patch('/api/users/me', { timezone: 'Pacific/Kiritimati' })
    expect((await summarize(quota)).status).toBe(429)
    world.clock.advance({ seconds: wait })
    expect((await summarize(quota, await signedIn())).status).toBe(200)
  })

  it('is each person’s own, and what is kept from before takes nothing of it', async () => {
    await statuses(range(0, quota))
    expect((await summarize(0)).body.cached).toBe(true)
    const { student } = await makeEnrollment(world.deps, { courseId: course.id })
    expect((await summarize(quota, student)).status).toBe(200)
    for (const index of range(0, quota)) expect((await summarize(index, student)).status).toBe(200)
    expect(await usage(student)).toHaveLength(1)
  })

  it('is not taken by what fails; but nobody fails more than three times the quota', async () => {
    const failing: Turn = { status: 401 }
    server.script(...Array.from({ length: 3 * quota - 1 }, () => failing))
    for (const index of range(0, 3 * quota - 1)) expect((await summarize(index)).status).toBe(502)
    expect((await summarize(50)).status).toBe(200)
    expect((await summarize(51)).status).toBe(429)
  })

  it('is not eaten by a process that was killed: what it took is free after five minutes', async () => {
    await statuses(range(0, quota))
    await abandon()
    expect((await summarize(quota)).status).toBe(429)
    world.clock.advance({ seconds: 301 })
    expect(count(await statuses(range(quota, quota + 10)), 200)).toBe(quota)
  })

  it('is not passed by an answer that comes after its place was free: 502', async () => {
    server.meet(() => world.clock.advance({ seconds: 301 }))
    expect((await summarize(0)).status).toBe(502)
    expect(await usage()).toMatchObject([{ outcome: 'failed', fault: 'late' }])
    server.behave()
    expect((await summarize(0)).body.cached).toBe(false)
  })

  it('is taken by an answer that its asker left', async () => {
    server.script('stalled')
    const gone = new AbortController()
    const asked = fetch(`${world.url}/api/ai/summarize`, {
      method: 'POST',
      signal: gone.signal,
      headers: {
        authorization: `Bearer ${person.accessToken}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify({ lessonId: course.lessonIds[0] }),
    })
    await (await asked).body?.getReader().read()
    gone.abort()
    await expect.poll(() => usage()).toMatchObject([{ outcome: 'left' }])
    expect(count(await statuses(range(1, 1 + quota)), 200)).toBe(quota - 1)
  })
})

describe('while the model works', () => {
  it('no transaction is open', async () => {
    const open: unknown[] = []
    server.meet(async () => {
      const { rows } = await world.database.pool.query(
        `select state from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      )
      open.push(...rows)
    })
    for (const index of range(0, 3)) expect((await summarize(index)).status).toBe(200)
    expect(open).toEqual([])
  })

  it('nothing but one read and one of what is kept is done for the second who asks', async () => {
    await summarize(0)
    world.statements.length = 0
    expect((await summarize(0)).body.cached).toBe(true)
    expect(world.statements).toHaveLength(2)
  })
})

describe('usage', () => {
  it('is recorded with its tokens, tries and outcome', async () => {
    await summarize(0)
    server.script('truncated', 'garbage')
    await summarize(1)
    server.script('truncated')
    await summarize(2)
    const of = { task: 'summarize', model: server.model }
    expect(await usage()).toEqual([
      { ...of, outcome: 'answered', fault: null, tries: 1, input_tokens: 120, output_tokens: 30 },
      { ...of, outcome: 'failed', fault: 'broken', tries: 2, input_tokens: 0, output_tokens: 0 },
      { ...of, outcome: 'answered', fault: null, tries: 2, input_tokens: 120, output_tokens: 30 },
    ])
  })

  it('and feedback are in the person’s archive, and gone with their account', async () => {
    const client = world.client.as(person.accessToken)
    await summarize(0)
    await client.post('/api/ai/feedback', { courseId: course.id })
    const { body } = await client.get('/api/users/me/export')
    expect(body.assistant.usage).toMatchObject([
      { task: 'summarize', outcome: 'answered', durationMs: 0, inputTokens: 120 },
      { task: 'feedback', outcome: 'answered' },
    ])
    expect(body.assistant.feedback).toMatchObject([{ text: 'Keep going.' }])
    await client.delete('/api/users/me', { password: 'correct horse battery' })
    await world.drain()
    expect(await usage()).toEqual([])
    const { rows } = await world.database.pool.query(
      'select from assistant_outputs where user_id = $1 union all select from assistant_days where user_id = $1',
      [person.id],
    )
    expect(rows).toEqual([])
  })

  it('of somebody who goes while the model writes about them is not kept', async () => {
    const admin = await makePerson(world.deps, { role: 'admin' })
    server.meet(async () => {
      await world.client.as(person.accessToken).delete('/api/users/me', { password: 'correct horse battery' })
      await world.drain()
    })
    const body = { courseId: course.id, studentId: person.id }
    await world.client.as(admin.accessToken).post('/api/ai/feedback', body)
    const { rows } = await world.database.pool.query('select from assistant_outputs where user_id = $1', [
      person.id,
    ])
    expect(rows).toEqual([])
  })

  it('401: nothing is noted of somebody whose account is deleted between the question and the model', async () => {
    const actor = {
      userId: person.id,
      role: 'student',
      sessionId: person.sessionId,
      at: world.clock.now(),
    } as const
    await world.client.as(person.accessToken).delete('/api/users/me', { password: 'correct horse battery' })
    await world.drain()
    const place = { key: 'k', task: 'summarize', model: server.model, quota, madeSince: null } as const
    await expect(world.deps.transact((tx) => reserveUsage(tx, actor, place))).rejects.toThrow()
    expect(await usage()).toEqual([])
    const { rows } = await world.database.pool.query('select from assistant_days where user_id = $1', [
      person.id,
    ])
    expect(rows).toEqual([])
  })

  it('is deleted after a year, outputs after 90 days', async () => {
    await summarize(0)
    await tidyAfter(89)
    expect(await rowsOf('assistant_outputs')).toBe(1)
    await tidyAfter(2)
    expect(await rowsOf('assistant_outputs')).toBe(0)
    expect(await usage()).toHaveLength(1)
    await tidyAfter(280)
    expect(await usage()).toEqual([])
  })
})

async function tidyAfter(days: number): Promise<void> {
  world.clock.advance({ days })
  await world.database.pool.query(`select graphile_worker.add_job('assistant.clean-up', '{}')`)
  await world.drain()
}

async function rowsOf(table: string): Promise<number> {
  const { rows } = await world.database.pool.query(`select count(*)::int as n from ${table}`)
  return rows[0].n
}
