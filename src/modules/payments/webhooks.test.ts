import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePayment, simulatorWebhook } from './factory.ts'
import { findPayment } from './queries.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const path = '/api/payments/webhook'
const price = { amount: 49_900, currency: 'INR' }
const post = ({ body, headers }: { body: string; headers: Record<string, string> }, to = path) =>
  world.client.post(to, body, { headers })
const sign = (wish: Parameters<typeof simulatorWebhook>[1]) => simulatorWebhook(world.deps, wish)
const inboxSize = async () =>
  (await world.database.pool.query('select count(*)::int as count from webhook_inbox')).rows[0].count
const ledgerOf = async (paymentId: string) =>
  (
    await world.database.pool.query(
      `select account, amount::int, currency from ledger_entries
       join ledger_movements on ledger_movements.id = movement_id
       where payment_id = $1 order by ledger_movements.id, account`,
      [paymentId],
    )
  ).rows
const accessOf = async (userId: string) =>
  (
    await world.database.pool.query('select status from enrollments where user_id = $1 order by id desc', [
      userId,
    ])
  ).rows[0]?.status

describe('POST /payments/webhook', () => {
  it('200: stored, then acted on: captured, in the ledger, access', async () => {
    const { payment, student } = await makePayment(world.deps)
    const { status, body } = await post(sign({ paymentId: payment.id }))
    expect({ status, body }).toEqual({ status: 200, body: { received: true } })
    expect(await accessOf(student.id)).toBe('pending')
    await world.drain()
    expect(await accessOf(student.id)).toBe('active')
    expect(await ledgerOf(payment.id)).toEqual([
      { account: 'gateway', amount: 49_900, currency: 'INR' },
      { account: 'sales', amount: -49_900, currency: 'INR' },
    ])
  })

  it('200 for the same event ten times at once: kept and acted on once; by the other path, too', async () => {
    const { payment } = await makePayment(world.deps)
    const before = await inboxSize()
    const webhook = sign({ paymentId: payment.id })
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post(webhook, index % 2 ? path : `${path}/simulator`)),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(await inboxSize()).toBe(before + 1)
    await world.drain()
    expect(await ledgerOf(payment.id)).toHaveLength(2)
  })

  it('400 invalid_signature: a tampered body, another secret, too old or too early, none, not one; nothing is kept', async () => {
    const { payment } = await makePayment(world.deps)
    const paymentId = payment.id
    const good = sign({ paymentId })
    const before = await inboxSize()
    const at = (seconds: number) => new Date(world.clock.now().getTime() + seconds * 1_000)
    const bad = [
      { ...good, body: good.body.replace('49900', '49901') },
      { ...good, body: `${good.body} ` },
      sign({ paymentId, secret: 'x'.repeat(40) }),
      sign({ paymentId, at: at(-301) }),
      sign({ paymentId, at: at(302) }),
      { ...good, headers: { 'content-type': 'application/json' } },
      { ...good, headers: { ...good.headers, 'x-lectern-signature': 't=1,v1=zz' } },
      { body: '', headers: good.headers },
    ]
    for (const webhook of bad)
      expect(await post(webhook)).toMatchObject({ status: 400, body: { code: 'invalid_signature' } })
    expect(await inboxSize()).toBe(before)
    expect(await post(sign({ paymentId, at: at(-299) }))).toMatchObject({ status: 200 })
  })

  it('400: signed, and not a message; 413: 10 MB; 404: an unknown gateway; 503: one that is not configured', async () => {
    const good = sign({ paymentId: newId() })
    const odd = sign({ paymentId: 'no id' })
    expect(await post(odd)).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
    expect((await post({ ...good, body: 'x'.repeat(10_000_000) })).status).toBe(413)
    expect((await post(good, `${path}/paypal`)).status).toBe(404)
    expect((await post(good, `${path}/stripe`)).status).toBe(503)
  })

  it('200: an event of no interest, a payment that is not here: nothing happens', async () => {
    const before = await inboxSize()
    expect((await post(sign({ paymentId: newId(), type: 'customer.created' }))).status).toBe(200)
    expect(await inboxSize()).toBe(before)
    expect((await post(sign({ paymentId: newId() }))).status).toBe(200)
    await world.drain()
    const { rows } = await world.database.pool.query(
      'select outcome from webhook_inbox order by received_at desc, id desc limit 1',
    )
    expect(rows).toEqual([{ outcome: 'unknown' }])
  })

  it.each([
    ['one unit short', { amount: 49_899, currency: 'INR' }],
    ['one unit more', { amount: 49_901, currency: 'INR' }],
    ['another currency', { amount: 49_900, currency: 'USD' }],
  ])('no access for %s: the payment fails, the money goes back', async (_what, amount) => {
    const { payment, student } = await makePayment(world.deps)
    await post(sign({ paymentId: payment.id, amount }))
    await world.drain()
    expect(await findPayment(world.deps.db, payment.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'amount_mismatch',
    })
    expect(await accessOf(student.id)).toBe('pending')
    const { currency } = amount
    expect(await ledgerOf(payment.id)).toEqual([
      { account: 'gateway', amount: amount.amount, currency },
      { account: 'returns', amount: -amount.amount, currency },
      { account: 'gateway', amount: -amount.amount, currency },
      { account: 'returns', amount: amount.amount, currency },
    ])
    const { rows } = await world.database.pool.query(
      'select amount::int, status from refunds where payment_id = $1',
      [payment.id],
    )
    expect(rows).toEqual([{ amount: amount.amount, status: 'done' }])
  })

  it('fails a payment of 1 of which 0 came, and leaves nothing open', async () => {
    const { payment, student } = await makePayment(world.deps, { price: { amount: 1, currency: 'JPY' } })
    const webhook = sign({ paymentId: payment.id, amount: { amount: 0, currency: 'JPY' } })
    expect((await post(webhook)).status).toBe(200)
    await world.drain()
    expect(await findPayment(world.deps.db, payment.id)).toMatchObject({ failure_reason: 'amount_mismatch' })
    expect(await accessOf(student.id)).toBe('pending')
    expect(await ledgerOf(payment.id)).toEqual([])
    const { rows } = await world.database.pool.query(
      "select outcome from webhook_inbox where event->>'paymentId' = $1",
      [payment.id],
    )
    expect(rows).toEqual([{ outcome: 'amount_mismatch' }])
  })

  it('honours the money of a superseded payment where nothing else paid, and fails the newer one', async () => {
    const first = await makePayment(world.deps, { price })
    const { course_id: courseId } = first.payment
    const second = await makePayment(world.deps, { student: first.student, courseId })
    await post(sign({ paymentId: first.payment.id }))
    await world.drain()
    expect(await findPayment(world.deps.db, first.payment.id)).toMatchObject({
      status: 'captured',
      pays: true,
    })
    expect(await findPayment(world.deps.db, second.payment.id)).toMatchObject({ status: 'failed' })
    expect(await accessOf(first.student.id)).toBe('active')

    await post(sign({ paymentId: second.payment.id }))
    await world.drain()
    expect(await findPayment(world.deps.db, second.payment.id)).toMatchObject({
      status: 'refunded',
      refunded_amount: 49_900,
    })
    expect(await accessOf(first.student.id)).toBe('active')
  })

  it('gives access anew for money that comes after the enrollment was cancelled', async () => {
    const { payment, student } = await makePayment(world.deps)
    await world.client.as(student.accessToken).post(`/api/enrollments/${payment.enrollment_id}/cancel`)
    await world.drain()
    expect(await findPayment(world.deps.db, payment.id)).toMatchObject({
      failure_reason: 'enrollment_cancelled',
    })
    await post(sign({ paymentId: payment.id }))
    await world.drain()
    expect(await accessOf(student.id)).toBe('active')
    const now = await findPayment(world.deps.db, payment.id)
    expect(now).toMatchObject({ status: 'captured' })
    expect(now?.enrollment_id).not.toBe(payment.enrollment_id)
  })

  it('keeps what was captured, whatever fails later', async () => {
    const { payment, student } = await makePayment(world.deps, { captured: true })
    await post(sign({ paymentId: payment.id, type: 'payment.failed' }))
    await world.drain()
    expect(await findPayment(world.deps.db, payment.id)).toMatchObject({ status: 'captured' })
    expect(await accessOf(student.id)).toBe('active')
  })
})

describe('the ledger', () => {
  it('takes no movement that does not sum to zero, and no change', async () => {
    const { payment } = await makePayment(world.deps, { captured: true })
    const lopsided = world.database.pool.query(
      `with moved as (insert into ledger_movements (id, cause, payment_id, at)
         values (gen_random_uuid(), 'test', $1, now()) returning id)
       insert into ledger_entries select id, 'gateway', 1, 'INR' from moved`,
      [payment.id],
    )
    await expect(lopsided).rejects.toThrow(/do not sum to zero/)
    await expect(world.database.pool.query('update ledger_entries set amount = 1')).rejects.toThrow(
      /only ever added/,
    )
    await expect(world.database.pool.query('delete from ledger_movements')).rejects.toThrow(/only ever added/)
  })
})
