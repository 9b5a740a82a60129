import { createHmac } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import {
  openWebhookReceiver,
  verifyOfficially,
  type WebhookReceiver,
} from '../../../test/support/webhook-receiver.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { publish } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'
import { courseChanged } from '../catalogue/index.ts'
import { enrollmentActivated } from '../enrollments/index.ts'
import { makePayment } from '../payments/factory.ts'
import { handOver } from './hand-over.ts'
import { webhookJobs } from './jobs.ts'

let world: World
let admin: Client
let receiver: WebhookReceiver
beforeAll(async () => {
  world = await createWorld({ env: { WEBHOOKS_ALLOW_PRIVATE: 'on' } })
  return () => world.close()
})
beforeEach(async () => {
  await world.database.pool.query('delete from webhook_endpoints')
  receiver = await openWebhookReceiver()
  await signIn()
})
afterEach(() => receiver.close())

/** Tokens end when the clock is moved. */
async function signIn() {
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
}
const path = '/api/admin/webhooks'
async function listen(more: object = {}): Promise<{ id: string; secret: string }> {
  const { status, body } = await admin.post(path, { url: receiver.url, events: ['course.changed'], ...more })
  expect(status).toBe(201)
  return body
}
const ids = () => ({ enrollmentId: newId(), courseId: newId(), userId: newId() })
const cause = () => ({ userId: null, at: world.clock.now() })
const change = () => world.deps.transact((tx) => publish(tx, courseChanged, { courseId: newId() }, cause()))
const log = async (id: string, query = '') => (await admin.get(`${path}/${id}/deliveries${query}`)).body.items

describe('what arrives', () => {
  it('a purchase: the payment, then the enrollment, signed so that the official package takes them', async () => {
    const { secret } = await listen({ events: ['payment.captured', 'enrollment.activated'] })
    const { payment, student } = await makePayment(world.deps, { captured: true })
    await world.drain()
    const { id: paymentId, enrollment_id: enrollmentId, course_id: courseId } = payment
    const about = { enrollmentId, courseId, userId: student.id }
    const at = world.clock.now()
    const messages = receiver.received.map((one) => verifyOfficially(secret, one, world.clock))
    const envelope = { id: expect.any(String), timestamp: at.toISOString() }
    expect(messages).toHaveLength(2)
    expect(messages).toEqual(
      expect.arrayContaining([
        {
          ...envelope,
          type: 'payment.captured',
          data: { paymentId, ...about, amount: { amount: 49_900, currency: 'INR' } },
        },
        { ...envelope, type: 'enrollment.activated', data: about },
      ]),
    )
    for (const { headers, message } of receiver.received) {
      expect(headers['webhook-id']).toBe(message.id)
      expect(headers['content-type']).toBe('application/json')
    }
  })

  it('is signed as the simulator signs, too, with the secret as it is written', async () => {
    const secret = 'a-secret-of-my-own'
    await listen({ secret })
    await change()
    await world.drain()
    const [one] = receiver.received
    const seconds = Math.floor(world.clock.now().getTime() / 1_000)
    const digest = createHmac('sha256', secret).update(`${seconds}.${one?.body}`).digest('hex')
    expect(one?.headers['x-lectern-signature']).toBe(`t=${seconds},v1=${digest}`)
    expect(one && verifyOfficially(secret, one, world.clock)).toMatchObject({ type: 'course.changed' })
  })

  it('is what passes the filter of an endpoint that is enabled, and at each the same under one id', async () => {
    const exact = await listen({ events: ['enrollment.activated'] })
    const family = await listen({ events: ['enrollment.*'] })
    const other = await listen({ events: ['payment.*'] })
    const off = await listen({ events: ['*'] })
    await admin.patch(`${path}/${off.id}`, { enabled: false })
    const eventId = await world.deps.transact((tx) => publish(tx, enrollmentActivated, ids(), cause()))
    await world.drain()
    expect(receiver.received.map(({ message }) => message.id)).toEqual([eventId, eventId])
    const [a, b] = receiver.received
    expect(a?.body).toEqual(b?.body)
    expect(
      await Promise.all([exact, family, other, off].map(async ({ id }) => (await log(id)).length)),
    ).toEqual([1, 1, 0, 0])
  })

  it('nothing, and no work for it, where nobody listens', async () => {
    await listen({ events: ['payment.*'] })
    const eventId = await change()
    await world.drain()
    const { rows } = await world.database.pool.query(
      "select subscriber from event_deliveries where event_id = $1 and subscriber like 'webhooks.%'",
      [eventId],
    )
    expect(rows).toEqual([])
  })

  it('once, when the same event is handed over many times at once', async () => {
    const { id } = await listen()
    const told = { eventId: newId(), type: 'course.changed', occurredAt: world.clock.now(), data: {} }
    await Promise.all(
      Array.from({ length: 8 }, () => world.deps.transact((tx) => handOver(tx, cause(), told))),
    )
    await world.drain()
    expect(await log(id)).toHaveLength(1)
    expect(receiver.received).toHaveLength(1)
  })

  it('all of many, with four on their way at once', async () => {
    await listen()
    let now = 0
    let most = 0
    receiver.answerAll((response) => {
      most = Math.max(most, ++now)
      setImmediate(() => {
        now--
        response.writeHead(204).end()
      })
    })
    for (let n = 0; n < 30; n++) await change()
    await world.drain()
    expect(new Set(receiver.received.map(({ message }) => message.id)).size).toBe(30)
    expect(receiver.received).toHaveLength(30)
    expect(most).toBeLessThanOrEqual(4)
  })
})

describe('the log', () => {
  it('200: what was sent, with the attempts, in three statements', async () => {
    const { id } = await listen()
    receiver.answer((response) => response.writeHead(200).end(`thanks\0${'x'.repeat(5_000)}`))
    const eventId = await change()
    await world.drain()
    world.statements.length = 0
    const [delivery] = await log(id)
    expect(world.statements.length).toBeLessThanOrEqual(3)
    const at = world.clock.now().toISOString()
    expect(delivery).toEqual({
      id: expect.any(String),
      endpointId: id,
      eventId,
      type: 'course.changed',
      occurredAt: at,
      data: receiver.received[0]?.message.data,
      status: 'delivered',
      attemptCount: 1,
      attempts: [
        {
          number: 1,
          at,
          durationMs: expect.any(Number),
          statusCode: 200,
          answer: expect.stringMatching(/^thanksx+$/),
        },
      ],
      deliveredAt: at,
      createdAt: at,
    })
    expect(delivery.attempts[0].answer).toHaveLength(1_023)
    expect((await admin.get(`${path}/${id}/deliveries/${delivery.id}`)).body).toEqual(delivery)
  })

  it('200: by pages, by status and by type', async () => {
    const { id } = await listen({ events: ['course.changed', 'enrollment.activated'] })
    receiver.answerAll((response, { message }) =>
      response.writeHead(message.type === 'course.changed' ? 204 : 410).end(),
    )
    for (let n = 0; n < 3; n++) await change()
    await world.drain()
    await world.deps.transact((tx) => publish(tx, enrollmentActivated, ids(), cause()))
    await world.drain()
    expect(await log(id)).toHaveLength(4)
    expect(await log(id, '?status=failed')).toMatchObject([{ type: 'enrollment.activated' }])
    expect(await log(id, '?type=course.changed')).toHaveLength(3)
    const { body } = await admin.get(`${path}/${id}/deliveries?limit=3`)
    expect(await log(id, `?limit=3&cursor=${body.nextCursor}`)).toHaveLength(1)
  })

  it('404: of a webhook that is not there, of another’s delivery; 400: a status that is none', async () => {
    const [a, b] = [await listen(), await listen()]
    const { body } = await admin.post(`${path}/${a.id}/test`)
    expect((await admin.get(`${path}/${newId()}/deliveries`)).status).toBe(404)
    expect((await admin.get(`${path}/${b.id}/deliveries/${body.id}`)).status).toBe(404)
    expect((await admin.get(`${path}/${a.id}/deliveries?status=lost`)).status).toBe(400)
  })

  it('goes back for 30 days; what waits stays', async () => {
    const { id } = await listen()
    await change()
    await world.drain()
    await world.database.pool.query(
      `insert into webhook_deliveries (id, endpoint_id, event_id, type, occurred_at, data, status, next_attempt_at, created_at)
       select uuidv7(), $1, uuidv7(), 'course.changed', $2, '{}', 'pending', '2999-01-01', $2`,
      [id, world.clock.now()],
    )
    const cleanUp = async () =>
      webhookJobs.find(({ job }) => job.name === 'webhooks.clean-up')?.run(world.deps, {})
    world.clock.advance({ days: 29 })
    await cleanUp()
    await signIn()
    expect(await log(id)).toHaveLength(2)
    world.clock.advance({ days: 2 })
    await cleanUp()
    await signIn()
    expect(await log(id)).toMatchObject([{ status: 'pending' }])
  })
})

describe('POST …/test', () => {
  it('202: arrives whatever the endpoint listens to, and the log shows it', async () => {
    const { id, secret } = await listen({ events: ['payment.captured'] })
    const { status, body } = await admin.post(`${path}/${id}/test`)
    expect({ status, body }).toMatchObject({ status: 202, body: { type: 'webhook.test', status: 'pending' } })
    await world.drain()
    const [one] = receiver.received
    expect(one && verifyOfficially(secret, one, world.clock)).toEqual({
      id: body.eventId,
      type: 'webhook.test',
      timestamp: world.clock.now().toISOString(),
      data: { endpointId: id },
    })
    expect(await log(id)).toMatchObject([
      { id: body.id, status: 'delivered', attempts: [{ statusCode: 204 }] },
    ])
  })

  it('409 webhook_disabled; 404: one that is not there', async () => {
    const { id } = await listen()
    await admin.patch(`${path}/${id}`, { enabled: false })
    for (const [what, body] of [['test'], ['replay', { since: world.clock.now() }]] as const)
      expect(await admin.post(`${path}/${id}/${what}`, body)).toMatchObject({
        status: 409,
        body: { code: 'webhook_disabled' },
      })
    expect((await admin.post(`${path}/${newId()}/test`)).status).toBe(404)
  })
})

describe('replay', () => {
  it('202: sends a delivery again under the same id, though it arrived', async () => {
    const { id } = await listen()
    await change()
    await world.drain()
    const [delivery] = await log(id)
    const { status, body } = await admin.post(`${path}/${id}/deliveries/${delivery.id}/replay`)
    expect({ status, body }).toMatchObject({ status: 202, body: { status: 'pending', attemptCount: 1 } })
    await world.drain()
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      delivery.eventId,
      delivery.eventId,
    ])
    expect(receiver.received[0]?.body).toEqual(receiver.received[1]?.body)
    expect(await log(id)).toMatchObject([{ status: 'delivered', attempts: [{ number: 2 }, { number: 1 }] }])
  })

  it('202: all that failed since a moment, and nothing else', async () => {
    const { id } = await listen()
    receiver.answerAll(500)
    const before = await change()
    await world.drain()
    world.clock.advance({ minutes: 1 })
    const since = world.clock.now().toISOString()
    const after = await change()
    await world.drain()
    await admin.patch(`${path}/${id}`, { enabled: false })
    await admin.patch(`${path}/${id}`, { enabled: true })
    expect(await log(id)).toMatchObject([{ status: 'failed' }, { status: 'failed' }])
    receiver.answerAll(204)
    receiver.received.length = 0
    expect(await admin.post(`${path}/${id}/replay`, { since })).toMatchObject({
      status: 202,
      body: { replayed: 1 },
    })
    await world.drain()
    expect(receiver.received.map(({ message }) => message.id)).toEqual([after])
    expect(await log(id, '?status=failed')).toMatchObject([{ eventId: before }])
  })

  it('400: a moment that is none; 404: a delivery of another webhook', async () => {
    const [a, b] = [await listen(), await listen()]
    const { body } = await admin.post(`${path}/${a.id}/test`)
    for (const since of ['yesterday', '2026-12-31T23:59:60Z', undefined])
      expect((await admin.post(`${path}/${a.id}/replay`, { since })).status).toBe(400)
    expect((await admin.post(`${path}/${b.id}/deliveries/${body.id}/replay`)).status).toBe(404)
  })
})

describe('a rotated secret', () => {
  it('signs beside the one before for a day, then alone; the one before that not at all', async () => {
    const { id, secret: first } = await listen()
    const second = (await admin.post(`${path}/${id}/rotate-secret`)).body.secret as string
    const taken = async (...secrets: string[]) => {
      receiver.received.length = 0
      await change()
      await world.drain()
      const [one] = receiver.received
      return secrets.map((secret) => {
        try {
          return one !== undefined && verifyOfficially(secret, one, world.clock) !== undefined
        } catch {
          return false
        }
      })
    }
    expect(await taken(first, second)).toEqual([true, true])
    expect(receiver.received[0]?.headers['x-lectern-signature']).toMatch(
      /^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/,
    )
    const third = (await admin.post(`${path}/${id}/rotate-secret`)).body.secret as string
    expect(await taken(first, second, third)).toEqual([false, true, true])
    world.clock.advance({ days: 1 })
    expect(await taken(first, second, third)).toEqual([false, false, true])
  })
})
