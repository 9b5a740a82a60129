import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeStripe, openFakeStripe } from '../../../test/support/fake-stripe.ts'
import type { Client } from '../../../test/support/http.ts'
import { oneBehind } from '../../../test/support/one-behind.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import { eraseUser } from '../accounts/erase-user.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makePayment, simulatorWebhook } from './factory.ts'
import type { PaymentRow } from './queries.ts'
import { settleEvent } from './settle-event.ts'
import { takeEvent } from './take-event.ts'

let stripe: FakeStripe
let world: World
let admin: Client
const price = { amount: 49_900, currency: 'INR' }
beforeAll(async () => {
  stripe = await openFakeStripe()
  const { secretKey, webhookSecret, url } = stripe
  world = await createWorld({ config: { stripe: { secretKey, webhookSecret, apiBase: url } } })
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
})
afterAll(async () => {
  await world.close()
  await stripe.close()
})

const systemCause = () => ({ userId: null, at: world.clock.now() })
async function remove({ id }: Person): Promise<void> {
  expect((await admin.delete(`/api/users/${id}`)).status).toBeLessThan(300)
}
async function hear(gateway: string, webhook: { body: string; headers: Record<string, string> }) {
  const { headers, body } = webhook
  const answer = await fetch(`${world.url}/api/payments/webhook${gateway}`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
}
/** What is kept of a payment, its money and its access. */
async function booksOf(paymentId: string) {
  const { rows } = await world.database.pool.query(
    `select p.status, p.pays, c.verdict, r.reason, r.status as refund,
       (select reason from payment_history where payment_id = p.id and to_status = 'captured') as history,
       (select count(*)::int from enrollments e where e.user_id = p.user_id and e.status <> 'cancelled') as live,
       (select coalesce(sum(amount), 0)::int from ledger_entries e join ledger_movements m on m.id = e.movement_id
        where m.payment_id = p.id and e.account = 'gateway') as held
     from payments p left join payment_captures c on c.payment_id = p.id left join refunds r on r.payment_id = p.id
     where p.id = $1`,
    [paymentId],
  )
  return rows
}
const sentBack = {
  status: 'refunded',
  pays: false,
  verdict: 'student_gone',
  reason: 'student_gone',
  refund: 'done',
  history: 'student_gone',
  live: 0,
  held: 0,
}
const keptWithoutAccess = {
  status: 'captured',
  pays: true,
  verdict: 'pays',
  reason: null,
  refund: null,
  history: 'paid',
  live: 0,
  held: price.amount,
}

describe('money of a student who is deleted', () => {
  it.each([true, false])('goes back (simulator; the deletion was heard of before: %s)', async (heard) => {
    const { payment, student } = await makePayment(world.deps)
    await remove(student)
    if (heard) await world.drain()
    await hear('', simulatorWebhook(world.deps, { paymentId: payment.id }))
    await world.drain()
    expect(await booksOf(payment.id)).toEqual([sentBack])
  })

  it('goes back (Stripe), told twice or not', async () => {
    const student = await makePerson(world.deps)
    const courseId = (await makeCourse(world.deps, { price })).id
    const wish = { courseId, gateway: 'stripe' }
    const { body } = await world.client.as(student.accessToken).post('/api/payments/create', wish)
    const session = stripe.last()
    await remove(student)
    stripe.pay(session)
    for (const id of ['evt_gone', 'evt_gone_again']) {
      await hear('/stripe', stripe.webhook('checkout.session.completed', session, { id }))
      await world.drain()
    }
    expect(await booksOf(body.payment.id)).toEqual([sentBack])
    expect(stripe.refunds.filter(({ payment_intent: intent }) => intent === session.intent?.id)).toHaveLength(
      1,
    )
  })

  it('goes back where a part has gone back at the gateway, and the answer to the opening was lost', async () => {
    const student = await makePerson(world.deps)
    const courseId = (await makeCourse(world.deps, { price })).id
    const wish = { courseId, gateway: 'stripe' }
    const { body } = await world.client.as(student.accessToken).post('/api/payments/create', wish)
    const { id } = body.payment
    await world.database.pool.query('update payments set reference = null, checkout = null where id = $1', [
      id,
    ])
    const session = stripe.last()
    await remove(student)
    stripe.pay(session)
    stripe.refundInDashboard(session, 13_984)
    await hear('/stripe', stripe.webhook('checkout.session.completed', session, { id: 'evt_partly' }))
    await world.drain()
    const books = await booksOf(id)
    expect(books.map(({ refund }) => refund).sort()).toEqual(['done', 'done', 'failed'])
    expect(books[0]).toMatchObject({ status: 'refunded', pays: false, live: 0, held: 0 })
  })

  it('stays where it had come before; the access ends', async () => {
    const { payment, student } = await makePayment(world.deps, { captured: true })
    await remove(student)
    await world.drain()
    expect(await booksOf(payment.id)).toEqual([keptWithoutAccess])
  })
})

describe('money that comes while the account is being deleted', () => {
  const erase = (student: Person) => (tx: Tx) => eraseUser(tx, systemCause(), { userId: student.id })
  const settle = (inboxId: string) => (tx: Tx) => settleEvent(tx, systemCause(), inboxId)
  async function arrive(payment: PaymentRow): Promise<string> {
    const told = { id: `evt_${payment.id}`, paymentId: payment.id, reference: payment.reference }
    const event = { ...told, kind: 'captured', captureReference: `sim_${payment.id}`, amount: price } as const
    const said = { gateway: 'simulator', event } as const
    return (await world.deps.transact((tx) => takeEvent(tx, systemCause(), said))) ?? ''
  }

  it('waits for the deletion that was first, and goes back', async () => {
    const { payment, student } = await makePayment(world.deps)
    const settlement = settle(await arrive(payment))
    const [, outcome] = await oneBehind(world, erase(student), () => world.deps.transact(settlement))
    expect(outcome).toBe('student_gone')
    await world.drain()
    expect(await booksOf(payment.id)).toEqual([sentBack])
  })

  it('gives the access that the deletion, which waits for it, ends', async () => {
    const { payment, student } = await makePayment(world.deps)
    const settlement = settle(await arrive(payment))
    const [outcome] = await oneBehind(world, settlement, () => world.deps.transact(erase(student)))
    expect(outcome).toBe('pays')
    await world.drain()
    expect(await booksOf(payment.id)).toEqual([keptWithoutAccess])
  })

  it('ends without access whoever is first', async () => {
    for (let turn = 0; turn < 8; turn++) {
      const { payment, student } = await makePayment(world.deps)
      const { transact } = world.deps
      const settlement = settle(await arrive(payment))
      const [outcome] = await Promise.all([transact(settlement), transact(erase(student))])
      await world.drain()
      expect(await booksOf(payment.id)).toEqual([outcome === 'pays' ? keptWithoutAccess : sentBack])
    }
  })

  it('401: nothing is begun for an account that was deleted since the request came in', async () => {
    const student = await makePerson(world.deps)
    const courseId = (await makeCourse(world.deps, { price })).id
    const create = () => world.client.as(student.accessToken).post('/api/payments/create', { courseId })
    const [, answer] = await oneBehind(world, erase(student), create)
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })
})
