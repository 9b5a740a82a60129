import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'
import { actorFor } from '../catalogue/factory.ts'
import { addEntitlement } from '../enrollments/index.ts'
import { makePayment } from './factory.ts'
import type { Gateway } from './gateway.ts'
import { setGateways } from './gateways.ts'
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
async function report(payment: { id: string; reference: string | null }, inAll: number) {
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
}

describe('POST /payments/:id/refund', () => {
  it('201: all of it; the access ends with it, the ledger says so', async () => {
    const { payment, student } = await paid()
    const { status, body } = await refund(payment.id, { reason: 'Asked for it.' })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      paymentId: payment.id,
      amount: inr(49_900),
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

  it('waits for a capture that has not come yet', async () => {
    const { payment } = await makePayment(world.deps)
    await report(payment, 49_900)
    expect(await read(payment.id)).toMatchObject({ status: 'pending' })
    await world.client.post(`/api/payments/simulator/${payment.id}`, { outcome: 'paid' })
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'refunded', refunded: inr(49_900) })
  })
})
