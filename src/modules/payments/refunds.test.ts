import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { makePerson } from '../accounts/factory.ts'
import { actorFor } from '../catalogue/factory.ts'
import { addEntitlement } from '../enrollments/index.ts'
import { gatewayFailed, refundRefused } from './errors.ts'
import { makePayment } from './factory.ts'
import type { Gateway } from './gateway.ts'
import { setGateways } from './gateways.ts'
import { findOpenEvents } from './inbox-queries.ts'
import { reconcile } from './jobs.ts'
import { takeDueRefunds } from './refund-queries.ts'
import { queueRefund } from './send-refund.ts'
import { createSimulator } from './simulator.ts'
import { stripeObjectionTo } from './stripe-amounts.ts'
import { takeEvent } from './take-event.ts'

let world: World
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
})
afterAll(() => world.close())

const inr = (amount: number) => ({ amount, currency: 'INR' })
const refund = (id: string, body: object = {}, headers: Record<string, string> = {}) =>
  admin.post(`/api/payments/${id}/refund`, body, { headers })
const read = async (id: string) => (await admin.get(`/api/payments/${id}`)).body
const paid = () => makePayment(world.deps, { captured: true })
async function accessOf(userId: string): Promise<string | undefined> {
  const { rows } = await world.database.pool.query(
    'select status from enrollments where user_id = $1 order by id desc',
    [userId],
  )
  return rows[0]?.status
}
/** The simulator sends no word of refunds, so what another gateway would report is put into the inbox. */
async function report(payment: { id: string; reference: string | null }, inAll: number): Promise<string> {
  const reference = payment.reference ?? ''
  const event = {
    id: newId(),
    paymentId: payment.id,
    reference,
    kind: 'refunded',
    captureReference: reference,
  } as const
  await world.deps.transact((tx) =>
    takeEvent(
      tx,
      { userId: null, at: world.clock.now() },
      { gateway: 'simulator', event: { ...event, refundedInAll: inr(inAll) } },
    ),
  )
  await world.drain()
  return event.id
}
async function inboxOf(eventId: string) {
  const { rows } = await world.database.pool.query(
    'select id, outcome, processed_at is not null as closed from webhook_inbox where event_id = $1',
    [eventId],
  )
  return rows[0]
}
const openEvents = async () =>
  findOpenEvents(world.deps.db, { before: new Date(world.clock.now().getTime() + 1_000), limit: 1_000 })

describe('POST /payments/:id/refund', () => {
  it('201: all of it; the access ends with it, the ledger says so', async () => {
    const { payment, student } = await paid()
    const { status, body } = await refund(payment.id, { reason: 'Asked for it.' })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      paymentId: payment.id,
      amount: inr(49_900),
      captureReference: payment.reference,
      verdict: 'pays',
      reason: 'Asked for it.',
      status: 'requested',
      createdAt: world.clock.now().toISOString(),
    })
    expect(await accessOf(student.id)).toBe('active')
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'refunded', refunded: inr(49_900) })
    expect(await accessOf(student.id)).toBe('cancelled')
    const { rows } = await world.database.pool.query(
      `select account, sum(amount)::int as amount from ledger_entries
       join ledger_movements on ledger_movements.id = movement_id where payment_id = $1 group by account order by account`,
      [payment.id],
    )
    expect(rows).toEqual([
      { account: 'gateway', amount: 0 },
      { account: 'refunds', amount: 49_900 },
      { account: 'sales', amount: -49_900 },
    ])
  })

  it('201: all of it, also without a body', async () => {
    const { payment } = await paid()
    const { status, body } = await admin.post(`/api/payments/${payment.id}/refund`)
    expect(status).toBe(201)
    expect(body).toMatchObject({ amount: inr(49_900), status: 'requested' })
  })

  it('201: a part leaves the access; the rest ends it', async () => {
    const { payment, student } = await paid()
    expect((await refund(payment.id, { amount: inr(9_900) })).status).toBe(201)
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'captured', refunded: inr(9_900) })
    expect(await accessOf(student.id)).toBe('active')
    expect((await refund(payment.id)).body.amount).toEqual(inr(40_000))
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'refunded' })
    expect(await accessOf(student.id)).toBe('cancelled')
  })

  it('201: who was granted the course, too, keeps it', async () => {
    const { payment, student } = await paid()
    const grant = {
      enrollmentId: payment.enrollment_id,
      source: 'grant',
      reference: null,
      reason: 'granted',
    } as const
    await world.deps.transact((tx) => addEntitlement(tx, actorFor(student, world.deps), grant))
    await refund(payment.id)
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'refunded' })
    expect(await accessOf(student.id)).toBe('active')
  })

  it('201 once per Idempotency-Key; ten at once give back no more than there is', async () => {
    const { payment } = await paid()
    const headers = { 'idempotency-key': newId() }
    const [first, second] = [
      await refund(payment.id, { amount: inr(900) }, headers),
      await refund(payment.id, { amount: inr(900) }, headers),
    ]
    expect(second).toMatchObject({ status: 201, body: first.body })
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refund(payment.id, { amount: inr(20_000) })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, ...Array(8).fill(409)])
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'captured', refunded: inr(40_900) })
  })

  it('409 refund_too_large, payment_not_captured; 400: nothing, another currency; 404: unknown', async () => {
    const { payment } = await paid()
    expect(await refund(payment.id, { amount: inr(49_901) })).toMatchObject({
      status: 409,
      body: { code: 'refund_too_large' },
    })
    expect(await refund(payment.id, { amount: { amount: 1, currency: 'USD' } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/amount/currency' }] },
    })
    expect((await refund(payment.id, { amount: inr(0) })).status).toBe(400)
    const pending = await makePayment(world.deps)
    expect(await refund(pending.payment.id)).toMatchObject({
      status: 409,
      body: { code: 'payment_not_captured' },
    })
    expect((await refund(newId())).status).toBe(404)
  })

  it('400 at /amount: what the gateway cannot give back, or could not give back of the rest', async () => {
    const price = { amount: 5_000, currency: 'KWD' }
    const { payment } = await makePayment(world.deps, { price, gateway: 'stripe', captured: true })
    const given: number[] = []
    const stripe: Partial<Gateway> = {
      name: 'stripe',
      objectionTo: stripeObjectionTo,
      refund: async ({ amount }) => void given.push(amount.amount),
    }
    setGateways(world.deps, [stripe as Gateway])
    for (const amount of [5, 4_995]) {
      expect(await refund(payment.id, { amount: { ...price, amount } })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path: '/amount' }] },
      })
    }
    expect((await refund(payment.id, { amount: { ...price, amount: 4_990 } })).status).toBe(201)
    await world.drain()
    setGateways(world.deps, [createSimulator(world.deps)])
    expect(given).toEqual([4_990])
  })

  it('201, then failed where the gateway refuses for good: told to those who may know, not asked again, free for another', async () => {
    const { payment, student } = await paid()
    const asked: string[] = []
    const refusing: Partial<Gateway> = {
      ...createSimulator(world.deps),
      refund: async ({ refundId }) => {
        asked.push(refundId)
        throw refuse(refundRefused)
      },
    }
    setGateways(world.deps, [refusing as Gateway])
    const { body: first } = await refund(payment.id, { reason: 'Asked for it.' })
    await world.drain()
    setGateways(world.deps, [createSimulator(world.deps)])
    world.clock.advance({ minutes: 3 })
    await world.drain()
    expect(asked).toEqual([first.id])
    const failed = { id: first.id, amount: inr(49_900), reason: 'Asked for it.', status: 'failed' }
    expect(await read(payment.id)).toMatchObject({ status: 'captured', refunds: [failed] })
    expect(await accessOf(student.id)).toBe('active')
    const { rows } = await world.database.pool.query(
      "select payload from events where type = 'payment.refund_failed' and payload->>'refundId' = $1",
      [first.id],
    )
    expect(rows).toMatchObject([{ payload: { paymentId: payment.id, amount: inr(49_900) } }])

    expect((await refund(payment.id)).status).toBe(201)
    await world.drain()
    const own = world.client.as(student.accessToken)
    expect((await own.get(`/api/payments/${payment.id}`)).body).toMatchObject({
      status: 'refunded',
      refunds: [failed, { amount: inr(49_900), status: 'done', doneAt: expect.any(String) }],
    })
  })

  it('201, tried until it is made where the gateway refuses passingly', async () => {
    const { payment } = await paid()
    let refusals = 2
    const simulator = createSimulator(world.deps)
    const passing: Partial<Gateway> = {
      ...simulator,
      refund: async (asked) => {
        if (refusals-- > 0) throw refuse(gatewayFailed)
        await simulator.refund(asked)
      },
    }
    setGateways(world.deps, [passing as Gateway])
    const { body } = await refund(payment.id)
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ refunds: [{ id: body.id, status: 'requested' }] })
    for (let turn = 0; turn < 2; turn++) {
      await world.deps.transact((tx) => queueRefund(tx, body.id))
      await world.drain()
    }
    setGateways(world.deps, [simulator])
    expect(await read(payment.id)).toMatchObject({ status: 'refunded', refunds: [{ status: 'done' }] })
  })

  it('201, then sent again by the reconciliation where nothing became of it, at intervals that double', async () => {
    const { payment } = await paid()
    const { body } = await refund(payment.id)
    const since = new Date(body.createdAt).getTime()
    const due: number[] = []
    for (let hour = 0; hour < 24 * 17; hour++) {
      const at = new Date(since + hour * 3_600_000)
      const ids = await world.deps.transact((tx) => takeDueRefunds(tx, { at, limit: 500 }))
      if (ids.includes(body.id)) due.push(hour / 24)
    }
    expect(due).toEqual([1, 2, 4, 8, 16])
  })

  it('403: anybody but an admin; 401: nobody', async () => {
    const { payment, student } = await paid()
    expect(
      (await world.client.as(student.accessToken).post(`/api/payments/${payment.id}/refund`, {})).status,
    ).toBe(403)
    expect((await world.client.post(`/api/payments/${payment.id}/refund`, {})).status).toBe(401)
  })
})

describe('a refund at the gateway', () => {
  it('is taken in; reports that are repeated or out of order count once', async () => {
    const { payment, student } = await paid()
    for (const inAll of [10_000, 30_000, 20_000, 30_000]) await report(payment, inAll)
    expect(await read(payment.id)).toMatchObject({ status: 'captured', refunded: inr(30_000) })
    await report(payment, 49_900)
    expect(await read(payment.id)).toMatchObject({ status: 'refunded' })
    expect(await accessOf(student.id)).toBe('cancelled')
  })

  it('does not count again what was refunded from here', async () => {
    const { payment } = await paid()
    await refund(payment.id, { amount: inr(5_000) })
    await world.drain()
    await report(payment, 5_000)
    expect(await read(payment.id)).toMatchObject({ refunded: inr(5_000) })
    await report(payment, 6_000)
    expect(await read(payment.id)).toMatchObject({ refunded: inr(6_000) })
  })

  it('waits for a capture that has not come yet, without being looked at in vain', async () => {
    const { payment } = await makePayment(world.deps)
    const told = await inboxOf(await report(payment, 49_900))
    expect(told).toMatchObject({ outcome: 'waits', closed: false })
    expect(await openEvents()).not.toContain(told.id)
    expect(await read(payment.id)).toMatchObject({ status: 'pending' })
    await world.client.post(`/api/payments/simulator/${payment.id}`, { outcome: 'paid' })
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'refunded', refunded: inr(49_900) })
  })

  it('is unknown at once where it is of a payment that is not here', async () => {
    const eventId = await report({ id: newId(), reference: 'order_of_another_program' }, 100)
    expect(await inboxOf(eventId)).toMatchObject({ outcome: 'unknown', closed: true })
  })

  it('is given up after a week where its capture never comes', async () => {
    const { payment } = await makePayment(world.deps)
    const eventId = await report(payment, 49_900)
    for (const [days, outcome] of [
      [6, 'waits'],
      [2, 'given_up'],
    ] as const) {
      world.clock.advance({ days })
      await world.deps.transact((tx) => addJob(tx, reconcile, {}))
      await world.drain()
      expect(await inboxOf(eventId)).toMatchObject({ outcome, closed: outcome === 'given_up' })
    }
  })
})
