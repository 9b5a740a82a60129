import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Client } from '../support/http.ts'
import { freePort, type ServerProcess, startServer } from '../support/server.ts'

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern payment-crash-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

const password = 'a long password'
const env = { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: password }
const rounds = 6
const buyers = 8

it('kill -9 while people pay, six times: whoever paid has access, and nobody paid twice', {
  timeout: 240_000,
}, async () => {
  const port = await freePort()
  let server = await startServer({ data, port, env })
  const admin = async () => server.client.as(await signIn(server, env.ADMIN_EMAIL))
  const courseId = await makeCourse(await admin())
  const paid: { email: string; paymentId: string }[] = []

  for (let round = 0; round < rounds; round++) {
    const people = Array.from({ length: buyers }, (_, index) => `buyer-${round}-${index}@example.org`)
    let left = 2 + round
    await Promise.all(
      people.map(async (email) => {
        const paymentId = await buy(server, email, courseId).catch(() => null)
        if (paymentId === null) return
        paid.push({ email, paymentId })
        // Killed in the midst of the webhooks and of what the others do.
        if (--left === 0) await server.kill()
      }),
    )
    if (left > 0) await server.kill()
    server = await startServer({ data, port, env })
  }

  expect(paid.length).toBeGreaterThanOrEqual(rounds * 2)
  for (const { email, paymentId } of paid) {
    const client = server.client.as(await signIn(server, email))
    await vi.waitFor(
      async () => {
        expect((await client.get(`/api/payments/${paymentId}`)).body.status).toBe('captured')
        expect((await client.get(`/api/courses/${courseId}/enrollment-status`)).body).toEqual({
          enrolled: true,
          status: 'active',
          purchased: true,
        })
      },
      { timeout: 60_000, interval: 200 },
    )
  }
  const captured = await everyPayment(await admin(), 'captured')
  expect(new Set(captured.map(({ userId }) => userId)).size).toBe(captured.length)
  expect(await server.stop()).toBe(0)
})

async function signIn({ client }: ServerProcess, email: string): Promise<string> {
  return (await client.post('/api/auth/login', { email, password })).body.accessToken
}

async function makeCourse(admin: Client): Promise<string> {
  const price = { amount: 49_900, currency: 'INR' }
  const { id } = (await admin.post('/api/courses', { title: 'Paid', price })).body
  const section = (await admin.post('/api/sections', { courseId: id, title: 'One' })).body
  await admin.post('/api/lessons', { sectionId: section.id, title: 'One', type: 'text', body: 'Read.' })
  expect((await admin.post(`/api/courses/${id}/publish`)).status).toBe(200)
  return id
}

/** The payment, once the simulator has acknowledged that it was paid; null where the server died before. */
async function buy({ client }: ServerProcess, email: string, courseId: string): Promise<string | null> {
  const person = await client.post('/api/auth/register', { email, password, name: 'Buyer' })
  const created = await client.as(person.body.accessToken).post('/api/payments/create', { courseId })
  if (created.status !== 201) return null
  const { id } = created.body.payment
  const said = await client.post(`/api/payments/simulator/${id}`, { outcome: 'paid', duplicates: 1 })
  return said.status === 202 ? id : null
}

async function everyPayment(admin: Client, status: string): Promise<{ userId: string }[]> {
  const found: { userId: string }[] = []
  for (let cursor = ''; ; ) {
    const page = await admin.get(`/api/payments?status=${status}&limit=100${cursor && `&cursor=${cursor}`}`)
    expect(page.status).toBe(200)
    found.push(...page.body.items)
    cursor = page.body.nextCursor
    if (!cursor) return found
  }
}
