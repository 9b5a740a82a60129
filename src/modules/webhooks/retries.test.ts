import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import {
  openWebhookReceiver,
  verifyOfficially,
  type WebhookReceiver,
} from '../../../test/support/webhook-receiver.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { backgroundWork } from '../../app.ts'
import { publish } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { startWorker } from '../../platform/jobs/worker.ts'
import { makePerson } from '../accounts/factory.ts'
import { courseChanged } from '../catalogue/index.ts'
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
const change = () =>
  world.deps.transact((tx) =>
    publish(tx, courseChanged, { courseId: newId() }, { userId: null, at: world.clock.now() }),
  )
const log = async (id: string) => (await admin.get(`${path}/${id}/deliveries`)).body.items
const hook = async (id: string) => (await admin.get(`${path}/${id}`)).body

/** Moves the time on to where the next attempt is due; the queue goes by a clock of its own. */
async function goOn(by: Parameters<World['clock']['advance']>[0]) {
  world.clock.advance(by)
  await signIn()
  await world.database.pool.query('update graphile_worker._private_jobs set run_at = now()')
  await world.drain()
}

describe('a delivery that fails', () => {
  it('is made again for three days, then has failed; and nobody being there, the webhook is disabled', async () => {
    const { id, secret } = await listen()
    receiver.answerAll(500)
    const eventId = await change()
    await world.drain()
    const waits = []
    for (;;) {
      const [delivery] = await log(id)
      if (delivery.status !== 'pending') break
      const last = Date.parse(delivery.attempts[0].at)
      waits.push((Date.parse(delivery.nextAttemptAt) - last) / 1_000)
      await goOn({ seconds: (waits.at(-1) ?? 0) + 1 })
    }
    const planned = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    expect(waits).toHaveLength(planned.length)
    for (const [index, plan] of planned.entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(plan)
      expect(waits[index]).toBeLessThanOrEqual(plan * 1.1)
    }
    expect(receiver.received).toHaveLength(10)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]))
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
    const last = receiver.received.at(-1)
    expect(last && verifyOfficially(secret, last, world.clock)).toMatchObject({ id: eventId })
    expect(await log(id)).toMatchObject([{ status: 'failed', attemptCount: 10 }])
    expect(await hook(id)).toMatchObject({ enabled: false, disabledReason: 'failing' })
  })

  it.each([
    ['answers with an error', 503, { statusCode: 503 }],
    ['sends elsewhere', 302, { statusCode: 302 }],
    ['closes the connection', null, { error: 'The connection was closed before there was an answer.' }],
  ])('is told of in the log: the receiver %s', async (_how, status, attempt) => {
    const elsewhere = await openWebhookReceiver()
    const { id } = await listen()
    receiver.answer((response) => {
      if (status === null) response.destroy()
      else response.writeHead(status, { location: elsewhere.url }).end()
    })
    await change()
    await world.drain()
    const at = world.clock.now().toISOString()
    expect(await log(id)).toMatchObject([{ status: 'pending', attempts: [{ number: 1, at, ...attempt }] }])
    expect((await hook(id)).failingSince).toBe(at)
    expect(elsewhere.received).toEqual([])
    await elsewhere.close()
    await goOn({ seconds: 6 })
    expect(await log(id)).toMatchObject([{ status: 'delivered', attemptCount: 2 }])
    expect(await hook(id)).not.toHaveProperty('failingSince')
  })

  it('is made no sooner than Retry-After says', async () => {
    const { id } = await listen()
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    await change()
    await world.drain()
    const [{ nextAttemptAt }] = await log(id)
    expect(Date.parse(nextAttemptAt) - world.clock.now().getTime()).toBe(3_600_000)
  })

  it('goes to the new address, once there is one', async () => {
    const gone = await openWebhookReceiver()
    await gone.close()
    const { id } = await listen({ url: gone.url })
    await change()
    await world.drain()
    expect(await log(id)).toMatchObject([{ attempts: [{ error: 'The connection was refused.' }] }])
    await admin.patch(`${path}/${id}`, { url: receiver.url })
    await goOn({ seconds: 6 })
    expect(await log(id)).toMatchObject([{ status: 'delivered' }])
  })

  it('is sent though its job was lost', async () => {
    const { id } = await listen()
    receiver.answer(500)
    await change()
    await world.drain()
    await world.database.pool.query('delete from graphile_worker._private_jobs')
    world.clock.advance({ minutes: 6 })
    await webhookJobs.find(({ job }) => job.name === 'webhooks.sweep')?.run(world.deps, {})
    await world.drain()
    expect(await log(id)).toMatchObject([{ status: 'delivered' }])
  })

  it('says so where the secret cannot be opened any more, and sends nothing unsigned', async () => {
    const { id } = await listen()
    const { accessTokenSecrets } = world.deps.config
    Object.assign(world.deps.config, { accessTokenSecrets: ['x'.repeat(32)] })
    await change()
    await world.drain()
    Object.assign(world.deps.config, { accessTokenSecrets })
    expect(receiver.received).toEqual([])
    expect(await log(id)).toMatchObject([{ attempts: [{ error: expect.stringMatching(/rotate it/) }] }])
  })
})

describe('410', () => {
  it('disables: what waits has failed, nothing more is kept, and the fact is stated', async () => {
    const { id } = await listen()
    receiver.answerAll(500)
    await change()
    await world.drain()
    receiver.answerAll(410)
    await change()
    await world.drain()
    expect(await log(id)).toMatchObject([{ status: 'failed', attemptCount: 1 }, { status: 'failed' }])
    expect(await hook(id)).toMatchObject({ enabled: false, disabledReason: 'gone' })
    const { rows: admins } = await world.database.pool.query("select 1 from users where role = 'admin'")
    const { body: notifications } = await admin.get('/api/notifications')
    await change()
    await goOn({ minutes: 10 })
    expect(await log(id)).toHaveLength(2)
    const { rows } = await world.database.pool.query(
      "select payload from events where type = 'webhook.disabled' order by id desc limit 1",
    )
    expect(rows).toEqual([{ payload: { endpointId: id, reason: 'gone' } }])
    // Every admin is told, in the school and by mail.
    const title = `The webhook to ${new URL(receiver.url).host} was disabled`
    const told = world.mails.filter(({ subject }) => subject === title)
    expect(new Set(told.map(({ to }) => to)).size).toBe(admins.length)
    expect(notifications.items[0]).toMatchObject({
      kind: 'webhook',
      title,
      data: { event: 'webhook.disabled', webhookId: id, reason: 'gone' },
    })
    expect((await admin.patch(`${path}/${id}`, { enabled: true })).body).toMatchObject({ enabled: true })
    receiver.answerAll(204)
    await change()
    await world.drain()
    expect(await log(id)).toMatchObject([{ status: 'delivered' }, {}, {}])
  })
})

describe('an endpoint that is down', () => {
  it('is tried by a few while the others wait, and gets everything when it is back', async () => {
    const { id } = await listen()
    receiver.answerAll(500)
    for (let n = 0; n < 20; n++) await change()
    await world.drain()
    expect(receiver.received.length).toBeLessThan(10)
    const attempts = (await log(id)).map(({ attemptCount }: { attemptCount: number }) => attemptCount)
    expect(attempts.filter((count: number) => count === 0).length).toBeGreaterThan(10)
    receiver.answerAll(204)
    await goOn({ minutes: 10 })
    expect((await log(id)).map(({ status }: { status: string }) => status)).toEqual(
      Array(20).fill('delivered'),
    )
  })

  it('is asked at once by whoever sends a test', async () => {
    const { id } = await listen()
    receiver.answerAll(500)
    for (let n = 0; n < 5; n++) await change()
    await world.drain()
    const before = receiver.received.length
    await admin.post(`${path}/${id}/test`)
    await world.drain()
    expect(receiver.received.length).toBeGreaterThan(before)
  })

  it('and hangs holds up neither other webhooks nor other work', async () => {
    const hanging = await openWebhookReceiver()
    hanging.answerAll(() => undefined)
    await Promise.all(Array.from({ length: 4 }, () => listen({ url: hanging.url })))
    await change()
    const { handlers, subscribers } = backgroundWork()
    const worker = await startWorker(
      world.deps,
      { handlers, schedules: [], subscribers },
      { url: world.databaseUrl, concurrency: 1 },
    )
    try {
      await vi.waitFor(() => expect(hanging.received).toHaveLength(4), 10_000)
      await listen()
      await change()
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), 10_000)
    } finally {
      await hanging.close()
      await worker.stop()
    }
  })
})
