import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import type { TrueCapture } from '../proof/scripted-gateway.ts'
import { faultsOf, readBooks } from '../proof/verdict.ts'
import type { Client } from '../support/http.ts'
import { databaseUrl } from '../support/postgres.ts'
import { freePort, type ServerProcess, startServer } from '../support/server.ts'

const password = 'a long password'
const price = { amount: 49_900, currency: 'INR' }
const rounds = 6
const buyers = 8

let data: string
let pool: pg.Pool
let env: Record<string, string>
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern payment-crash-'))
  const name = `crash_${newId().replaceAll('-', '')}`
  await onServer(`create database ${name} template lectern_template`)
  const url = databaseUrl(inject('postgresUrl'), name)
  pool = new pg.Pool({ connectionString: url })
  env = { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: password, DATABASE_URL: url }
})
afterAll(async () => {
  const { rows } = await pool.query('select current_database() as name')
  await pool.end()
  await onServer(`drop database ${rows[0].name} with (force)`)
  await rm(data, { recursive: true, force: true })
})

it('kill -9 while people pay twice and get money back, six times: what the simulator holds buys access, and the books agree', {
  timeout: 240_000,
}, async () => {
  const port = await freePort()
  let server = await startServer({ data, port, env })
  const admin = async () => server.client.as(await signIn(server, 'admin@example.org'))
  const courseId = await makeCourse(await admin())
  const acknowledged: string[] = []
  let refunds = 0

  for (let round = 0; round < rounds; round++) {
    const desk = await admin()
    let left = 2 + round
    /** Killed in the midst of the webhooks, of refunds, and of what the others do. */
    const done = async () => {
      if (--left === 0) await server.kill()
    }
    const before = acknowledged.splice(0, 3)
    await Promise.all([
      ...Array.from({ length: buyers }, (_, index) =>
        buy(server, `buyer-${round}-${index}@example.org`, courseId, async (paymentId) => {
          acknowledged.push(paymentId)
          await done()
        }).catch(() => undefined),
      ),
      ...before.map(async (paymentId) => {
        const answer = await desk.post(`/api/payments/${paymentId}/refund`).catch(() => null)
        if (answer?.status === 201) refunds++
      }),
    ])
    if (left > 0) await server.kill()
    server = await startServer({ data, port, env })
  }

  await vi.waitFor(quiet, { timeout: 120_000, interval: 200 })
  const { rows: people } = await pool.query<{ id: string }>('select distinct user_id as id from payments')
  const books = await readBooks(
    pool,
    people.map(({ id }) => id),
  )
  const truth = await readTruth()
  const wrong = people.flatMap(({ id }) => {
    const own = books.get(id)
    const captures = truth.get(id) ?? []
    const faults = own ? faultsOf({ gateways: [{ captures }], arrived: new Set() }, own) : ['no books']
    // Whoever was interrupted before paying may go on for a day.
    return faults.filter((fault) => fault !== 'waits for ever').map((fault) => `${id}: ${fault}`)
  })
  expect(wrong).toEqual([])

  const all = [...truth.values()]
  expect(all.length).toBeGreaterThanOrEqual(rounds * 2)
  expect(all.filter((captures) => captures.length === 2).length).toBeGreaterThan(rounds)
  expect(refunds).toBeGreaterThan(0)
  const { rows: lost } = await pool.query(
    'select id from unnest($1::uuid[]) as id where id not in (select payment_id from payment_captures)',
    [acknowledged],
  )
  expect(lost).toEqual([])
  expect(await server.stop()).toBe(0)
})

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function signIn({ client }: ServerProcess, email: string): Promise<string> {
  return (await client.post('/api/auth/login', { email, password })).body.accessToken
}

async function makeCourse(admin: Client): Promise<string> {
  const { id } = (await admin.post('/api/courses', { title: 'Paid', price })).body
  const section = (await admin.post('/api/sections', { courseId: id, title: 'One' })).body
  await admin.post('/api/lessons', { sectionId: section.id, title: 'One', type: 'text', body: 'Read.' })
  expect((await admin.post(`/api/courses/${id}/publish`)).status).toBe(200)
  return id
}

/** Begins to pay in two windows and pays in both; the simulator has acknowledged each of which `paid` is told. */
async function buy(
  { client }: ServerProcess,
  email: string,
  courseId: string,
  paid: (paymentId: string) => Promise<void>,
): Promise<void> {
  const person = await client.post('/api/auth/register', { email, password, name: 'Buyer' })
  const own = client.as(person.body.accessToken)
  const windows: string[] = []
  for (let window = 0; window < 2; window++) {
    const created = await own.post('/api/payments/create', { courseId })
    if (created.status === 201) windows.push(created.body.payment.id)
  }
  for (const paymentId of windows) {
    const said = await client.post(`/api/payments/simulator/${paymentId}`, { outcome: 'paid', duplicates: 1 })
    if (said.status === 202) await paid(paymentId)
  }
}

/** Everything that was begun has come to its end. */
async function quiet(): Promise<void> {
  const { rows } = await pool.query(`
    select 'job' as what, t.identifier as which from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier not like 'mail%'
    union all select 'event', event->>'kind' from webhook_inbox where processed_at is null
    union all select 'refund', status::text from refunds where status = 'requested'`)
  expect(rows).toEqual([])
}

/** What the simulator holds, by person: its own books, which nothing else writes. */
async function readTruth(): Promise<Map<string, TrueCapture[]>> {
  const { rows } = await pool.query(
    `select p.user_id, s.payment_id, s.amount::int, s.currency,
       (select coalesce(sum(amount), 0)::int from simulator_refunds where payment_id = s.payment_id) as refunded
     from simulator_payments s join payments p on p.id = s.payment_id where s.outcome = 'paid'`,
  )
  const truth = new Map<string, TrueCapture[]>()
  for (const { user_id, payment_id: paymentId, amount, currency, refunded } of rows) {
    const money = { amount: { amount, currency }, refunded }
    const capture = { gateway: 'simulator', paymentId, reference: `sim_${paymentId}`, ...money } as const
    truth.set(user_id, [...(truth.get(user_id) ?? []), capture])
  }
  return truth
}
