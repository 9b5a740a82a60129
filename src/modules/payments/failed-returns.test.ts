import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import type { Money } from '../../platform/money.ts'
import { makePerson } from '../accounts/factory.ts'
import { refundRefused } from './errors.ts'
import { makePayment } from './factory.ts'
import type { Gateway } from './gateway.ts'
import { setGateways } from './gateways.ts'
import type { PaymentRow } from './queries.ts'
import { createSimulator } from './simulator.ts'
import { takeEvent } from './take-event.ts'

let world: World
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
})
afterAll(() => world.close())

const inr = (amount: number): Money => ({ amount, currency: 'INR' })
const refund = (id: string, body: object = {}) => admin.post(`/api/payments/${id}/refund`, body)
const read = async (id: string) => (await admin.get(`/api/payments/${id}`)).body
/** Money that pays for nothing, whose return by itself the gateway refuses for good. */
async function strand(payment: PaymentRow, amount: Money): Promise<string> {
  const captureReference = `stray_${newId()}`
  const { id: paymentId, reference } = payment
  const event = { id: newId(), paymentId, reference, kind: 'captured', captureReference, amount } as const
  const refusing: Partial<Gateway> = {
    ...createSimulator(world.deps),
    refund: async () => {
      throw refuse(refundRefused)
    },
  }
  setGateways(world.deps, [refusing as Gateway])
  const cause = { userId: null, at: world.clock.now() }
  await world.deps.transact((tx) => takeEvent(tx, cause, { gateway: 'simulator', event }))
  await world.drain()
  setGateways(world.deps, [createSimulator(world.deps)])
  return captureReference
}
const enrollmentOf = async ({ enrollment_id: id }: PaymentRow) =>
  (await admin.get(`/api/enrollments/${id}`)).body.status

describe('a return that had failed, asked for again by an admin', () => {
  it('201: gives the second capture back, in parts, and leaves the good one and the access; then the good one', async () => {
    const { payment } = await makePayment(world.deps, { captured: true })
    const second = await strand(payment, inr(49_900))
    const stray = { captureReference: second, verdict: 'captured_twice' }
    expect((await read(payment.id)).refunds).toMatchObject([{ ...stray, status: 'failed' }])
    const part = await refund(payment.id, { amount: inr(900) })
    expect(part).toMatchObject({ status: 201, body: { ...stray, amount: inr(900) } })
    expect(await refund(payment.id)).toMatchObject({ status: 201, body: { ...stray, amount: inr(49_000) } })
    await world.drain()
    expect(await read(payment.id)).toMatchObject({
      status: 'captured',
      refunded: inr(0),
      refunds: [
        { ...stray, status: 'failed' },
        { ...stray, status: 'done' },
        { ...stray, status: 'done' },
      ],
    })
    expect(await enrollmentOf(payment)).toBe('active')
    const { rows } = await world.database.pool.query(
      `select account, sum(amount)::int as amount from ledger_entries
       join ledger_movements on ledger_movements.id = movement_id where payment_id = $1 group by account order by account`,
      [payment.id],
    )
    expect(rows).toEqual([
      { account: 'gateway', amount: 49_900 },
      { account: 'returns', amount: 0 },
      { account: 'sales', amount: -49_900 },
    ])

    const good = { captureReference: payment.capture_reference, verdict: 'pays', amount: inr(49_900) }
    expect(await refund(payment.id)).toMatchObject({ status: 201, body: good })
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'refunded', refunded: inr(49_900) })
    expect(await enrollmentOf(payment)).toBe('cancelled')
    expect(await refund(payment.id)).toMatchObject({ status: 409, body: { code: 'payment_not_captured' } })
  })

  it.each([inr(100), { amount: 49_900, currency: 'USD' }])(
    '201: gives %j of a payment back that failed with it (amount_mismatch); 409, 400: more, another currency',
    async (amount) => {
      const { payment } = await makePayment(world.deps)
      const captureReference = await strand(payment, amount)
      expect(await read(payment.id)).toMatchObject({ status: 'failed', refunds: [{ status: 'failed' }] })
      const more = await refund(payment.id, { amount: { ...amount, amount: amount.amount + 1 } })
      expect(more).toMatchObject({ status: 409, body: { code: 'refund_too_large' } })
      const other = await refund(payment.id, { amount: { ...amount, currency: 'JPY' } })
      expect(other).toMatchObject({ status: 400, body: { errors: [{ path: '/amount/currency' }] } })
      const asked = { captureReference, verdict: 'amount_mismatch', amount }
      expect(await refund(payment.id)).toMatchObject({ status: 201, body: asked })
      await world.drain()
      expect(await read(payment.id)).toMatchObject({
        status: 'failed',
        refunds: [{ status: 'failed' }, { ...asked, status: 'done' }],
      })
      expect(await refund(payment.id)).toMatchObject({ status: 409, body: { code: 'payment_not_captured' } })
    },
  )
})
