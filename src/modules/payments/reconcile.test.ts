import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { backgroundWork } from '../../app.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { findEnrollment } from '../enrollments/index.ts'
import { makePayment } from './factory.ts'
import type { Gateway, GatewayAnswer, ToldCapture } from './gateway.ts'
import { setGateways } from './gateways.ts'
import { reconcile } from './jobs.ts'
import { findPayment } from './queries.ts'
import { simulateOutcome } from './simulate-outcome.ts'
import { createSimulator } from './simulator.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const cause = () => ({ userId: null, at: world.clock.now() })
const read = (id: string) => findPayment(world.deps.db, id)
async function runReconcile(): Promise<void> {
  await world.deps.transact((tx) => addJob(tx, reconcile, {}))
  await world.drain()
}
/** The outcome is in the simulator's books; the webhook is lost. */
async function decideSilently(paymentId: string, outcome: 'paid' | 'declined'): Promise<void> {
  await world.deps.transact((tx) => simulateOutcome(tx, cause(), { paymentId, outcome }))
  await world.database.pool.query(
    `delete from graphile_worker._private_jobs where payload->>'paymentId' = $1`,
    [paymentId],
  )
}

describe('reconciliation', () => {
  it('finds what a lost webhook would have told, after two minutes', async () => {
    const { payment } = await makePayment(world.deps)
    await decideSilently(payment.id, 'paid')
    await runReconcile()
    expect(await read(payment.id)).toMatchObject({ status: 'pending' })
    world.clock.advance({ minutes: 3 })
    await runReconcile()
    expect(await read(payment.id)).toMatchObject({ status: 'captured', pays: true })
  })

  it('finds the money of a payment that had failed, also where its reference was never stored', async () => {
    const { payment, student } = await makePayment(world.deps)
    await world.database.pool.query('update payments set reference = null, checkout = null where id = $1', [
      payment.id,
    ])
    await makePayment(world.deps, { student, courseId: payment.course_id })
    expect(await read(payment.id)).toMatchObject({ failure_reason: 'superseded' })
    await decideSilently(payment.id, 'paid')
    world.clock.advance({ minutes: 3 })
    await runReconcile()
    expect(await read(payment.id)).toMatchObject({ status: 'captured', reference: `sim_${payment.id}` })
  })

  it('asks at intervals that double', async () => {
    const { payment } = await makePayment(world.deps)
    const asked: number[] = []
    const silent: Partial<Gateway> = {
      name: 'simulator',
      ask: async ({ paymentId }) => {
        if (paymentId === payment.id) asked.push(minute)
        return { status: 'pending' }
      },
    }
    setGateways(world.deps, [silent as Gateway])
    let minute = 0
    for (; minute <= 40; minute += 2) {
      await runReconcile()
      world.clock.advance({ minutes: 2 })
    }
    setGateways(world.deps, [])
    expect(asked).toEqual([2, 4, 8, 16, 32])
  })

  it('finds a second capture whose webhook is lost for good, also of a refunded payment, and gives it back', async () => {
    const { payment } = await makePayment(world.deps, { captured: true })
    const amount = { amount: 49_900, currency: 'INR' }
    const none = { ...amount, amount: 0 }
    const captures: ToldCapture[] = [
      { captureReference: payment.capture_reference ?? '', amount, refundedInAll: none },
      { captureReference: 'second', amount, refundedInAll: none },
    ]
    const given: string[] = []
    const twice: Partial<Gateway> = {
      name: 'simulator',
      ask: async ({ paymentId }) =>
        paymentId === payment.id ? { status: 'captured', captures } : { status: 'pending' },
      refund: async ({ captureReference }) => void given.push(captureReference),
    }
    setGateways(world.deps, [twice as Gateway])
    world.clock.advance({ minutes: 3 })
    await runReconcile()
    expect(given).toEqual(['second'])
    expect(await read(payment.id)).toMatchObject({ status: 'captured', pays: true, refunded_amount: 0 })

    captures[0] = { ...captures[0], refundedInAll: amount } as ToldCapture
    world.clock.advance({ minutes: 10 })
    await runReconcile()
    expect(await read(payment.id)).toMatchObject({ status: 'refunded' })
    captures.push({ captureReference: 'third', amount, refundedInAll: none })
    world.clock.advance({ hours: 1 })
    await runReconcile()
    setGateways(world.deps, [createSimulator(world.deps)])
    expect(given).toEqual(['second', 'third'])
  })

  it('ends the checkouts of what was superseded or given up, and not of what is to be paid', async () => {
    const closed: string[] = []
    const stripe: Partial<Gateway> = {
      name: 'stripe',
      ask: async () => ({ status: 'pending' }),
      close: async (reference) => void closed.push(reference),
    }
    setGateways(world.deps, [stripe as Gateway])
    const { payment, student } = await makePayment(world.deps, { gateway: 'stripe' })
    await world.drain()
    expect(closed).toEqual([])
    const again = { student, courseId: payment.course_id, gateway: 'stripe' } as const
    const { payment: second } = await makePayment(world.deps, again)
    await world.drain()
    expect(closed).toEqual([payment.reference])
    await world.client.as(student.accessToken).post(`/api/enrollments/${payment.enrollment_id}/cancel`)
    await world.drain()
    setGateways(world.deps, [createSimulator(world.deps)])
    expect(closed).toEqual([payment.reference, second.reference])
  })

  it('takes up what was stored and not acted on', async () => {
    const { payment } = await makePayment(world.deps)
    await world.database.pool.query(
      `insert into webhook_inbox (id, gateway, event_id, event, received_at) values
       (gen_random_uuid(), 'simulator', $1, $2, $3)`,
      [
        `evt_${payment.id}`,
        {
          id: `evt_${payment.id}`,
          kind: 'captured',
          paymentId: payment.id,
          reference: null,
          captureReference: 'x',
          amount: { amount: 49_900, currency: 'INR' },
        },
        world.clock.now(),
      ],
    )
    await world.drain()
    world.clock.advance({ minutes: 3 })
    await runReconcile()
    expect(await read(payment.id)).toMatchObject({ status: 'captured' })
  })

  it('fails what waited for a day, and still honours the money that comes then', async () => {
    const { payment } = await makePayment(world.deps)
    world.clock.advance({ hours: 26 })
    await runReconcile()
    expect(await read(payment.id)).toMatchObject({ status: 'failed', failure_reason: 'expired' })
  })
})

describe('an enrollment that waits for its payment', () => {
  it('is not cancelled in the midst of a payment that begins in its last minute, but a day after that', async () => {
    const { payment: first, student } = await makePayment(world.deps)
    const { course_id: courseId, enrollment_id: enrollmentId } = first
    const standing = async (id: string) => [
      (await findEnrollment(world.deps.db, enrollmentId))?.status,
      (await read(id))?.failure_reason,
    ]
    const expire = async () => {
      await backgroundWork()
        .handlers.find(({ job }) => job.name === 'enrollments.expire-pending')
        ?.run(world.deps, {})
      await world.drain()
    }
    world.clock.advance({ hours: 23, minutes: 59 })
    const { payment } = await makePayment(world.deps, { student, courseId })
    world.clock.advance({ minutes: 2 })
    await expire()
    expect(await standing(payment.id)).toEqual(['pending', null])
    world.clock.advance({ hours: 23, minutes: 59 })
    await expire()
    expect(await standing(payment.id)).toEqual(['cancelled', 'expired'])
  })
})

describe('POST /payments/verify', () => {
  const proof = { razorpay_order_id: '', razorpay_payment_id: 'pay_1', razorpay_signature: 'good' }
  function serve(answer: (asked: { paymentId: string }) => GatewayAnswer) {
    const razorpay: Partial<Gateway> = {
      name: 'razorpay',
      publicKey: 'rzp_test',
      objectionTo: () => null,
      open: async ({ paymentId, amount }) => ({
        reference: `order_${paymentId}`,
        checkout: { type: 'razorpay', orderId: `order_${paymentId}`, keyId: 'rzp_test', ...amount },
      }),
      ask: async (asked) => answer(asked),
      verifyCheckout: ({ signature }) => signature === 'good',
    }
    setGateways(world.deps, [razorpay as Gateway])
  }
  async function checkout() {
    const student = await makePerson(world.deps)
    const client = world.client.as(student.accessToken)
    const course = await makeCourse(world.deps, { price: { amount: 49_900, currency: 'INR' } })
    const { body } = await client.post('/api/payments/create', { courseId: course.id })
    return {
      client,
      paymentId: body.payment.id,
      sent: { ...proof, razorpay_order_id: body.checkout.orderId },
    }
  }
  const captured = (amount: number): GatewayAnswer => ({
    status: 'captured',
    captures: [
      {
        captureReference: `pay_${amount}_${world.clock.now().getTime()}`,
        amount: { amount, currency: 'INR' },
        refundedInAll: { amount: 0, currency: 'INR' },
      },
    ],
  })

  it('200: access at once, and the same again', async () => {
    const money = captured(49_900)
    serve(() => money)
    const { client, paymentId, sent } = await checkout()
    const first = await client.post('/api/payments/verify', sent)
    expect(first).toMatchObject({
      status: 200,
      body: { payment: { id: paymentId, status: 'captured' }, enrollment: { status: 'active' } },
    })
    expect(await client.post('/api/payments/verify', sent)).toMatchObject({ status: 200, body: first.body })
  })

  it('200 pending: signed, and the gateway has no money yet; the amount is the gateway’s to tell', async () => {
    serve(() => ({ status: 'pending' }))
    const { client, sent } = await checkout()
    expect((await client.post('/api/payments/verify', sent)).body).toMatchObject({
      payment: { status: 'pending' },
      enrollment: { status: 'pending' },
    })
    serve(() => captured(1))
    const error = vi.spyOn(world.deps.log, 'error')
    expect((await client.post('/api/payments/verify', sent)).body).toMatchObject({
      payment: { status: 'failed', failureReason: 'amount_mismatch' },
      enrollment: { status: 'pending' },
    })
    const said = expect.objectContaining({ outcome: 'amount_mismatch' })
    expect(error).toHaveBeenCalledWith(said, expect.any(String))
    error.mockRestore()
  })

  it('400 invalid_signature, missing fields; 404: an order of somebody else; 503: without the gateway', async () => {
    serve(() => ({ status: 'pending' }))
    const { client, sent } = await checkout()
    expect(await client.post('/api/payments/verify', { ...sent, razorpay_signature: 'bad' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_signature' },
    })
    expect((await client.post('/api/payments/verify', {})).status).toBe(400)
    const other = world.client.as((await makePerson(world.deps)).accessToken)
    expect((await other.post('/api/payments/verify', sent)).status).toBe(404)
    expect((await world.client.post('/api/payments/verify', sent)).status).toBe(401)
    setGateways(world.deps, [])
    expect((await client.post('/api/payments/verify', sent)).status).toBe(503)
  })
})
