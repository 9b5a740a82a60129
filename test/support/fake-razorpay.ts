import { createHmac } from 'node:crypto'
import Razorpay from 'razorpay'
import type { SignedWebhook } from './fake-stripe.ts'
import {
  type AskedFor,
  openUnreliableServer,
  type Reply,
  type UnreliableServer,
} from './unreliable-server.ts'

interface FakeOrder {
  readonly id: string
  readonly entity: 'order'
  readonly amount: number
  readonly currency: string
  readonly receipt: string
  readonly notes: Record<string, string>
  status: 'created' | 'attempted' | 'paid'
}

type State = 'created' | 'authorized' | 'captured' | 'failed' | 'refunded'

interface FakePayment {
  readonly id: string
  readonly entity: 'payment'
  readonly order_id: string | null
  readonly amount: number
  readonly currency: string
  status: State
  captured: boolean
  amount_refunded: number
  error_reason: string | null
  readonly notes: Record<string, string> | []
}

interface FakeRefund {
  readonly id: string
  readonly entity: 'refund'
  readonly payment_id: string
  readonly amount: number
  readonly receipt: string | null
  status: 'processed' | 'failed'
}

/** Razorpay as far as it is used here, on loopback: it checks what it is sent and keeps its own truth. */
export interface FakeRazorpay extends UnreliableServer {
  readonly keyId: string
  readonly keySecret: string
  readonly webhookSecret: string
  readonly orders: FakeOrder[]
  readonly refunds: FakeRefund[]
  last(): FakeOrder
  /** An attempt of the buyer's at an order, which takes more than one capture if told to; the notes are what a browser may add. */
  attempt(order: FakeOrder, status: State, notes?: Record<string, string>): FakePayment
  /** Time passes: a bank answers, an authorized payment is captured. */
  become(payment: FakePayment, status: State): void
  /** What the checkout hands to the page when the buyer has paid. */
  handOver(payment: FakePayment): {
    razorpay_order_id: string
    razorpay_payment_id: string
    razorpay_signature: string
  }
  refundInDashboard(payment: FakePayment, amount: number): void
  /** A webhook about a payment as it stands now; `order.…` has the order beside it. */
  webhook(event: string, payment: FakePayment, options?: WebhookOptions): SignedWebhook
  /** Any body at all, signed. */
  sign(body: string): SignedWebhook
  /** Forgets the idempotency keys. */
  forgetKeys(): void
  /** Whether the account is set to refuse a receipt that it has. */
  uniqueReceipts: boolean
  /** Lists no orders for a while, as where another request is on its way beside this one. */
  blind: number
}

interface WebhookOptions {
  readonly id?: string | null
  readonly secret?: string
  /** Changes of the payment before it is signed. */
  readonly change?: Record<string, unknown>
}

const least: Record<string, number> = { INR: 100, USD: 100 }

export async function openFakeRazorpay(keyId = 'rzp_test_school'): Promise<FakeRazorpay> {
  const keySecret = 'key secret of the school'
  const webhookSecret = 'webhook secret of the school'
  const orders: FakeOrder[] = []
  const payments: FakePayment[] = []
  const refunds: FakeRefund[] = []
  const keys = new Map<string, { request: string; reply: Reply }>()
  const account = { uniqueReceipts: false, blind: 0 }
  let count = 0
  const newId = (prefix: string) => `${prefix}_test${++count}`
  const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`

  const server = await openUnreliableServer((request) => {
    if (request.headers.authorization !== authorization)
      return fail(401, { description: 'Authentication failed' })
    const [, version, noun, id, verb] = request.path.split('/')
    if (version !== 'v1') return fail(404, {})
    const body = request.body ? JSON.parse(request.body) : {}
    if (request.method === 'POST' && noun === 'orders') return createOrder(body)
    if (request.method === 'GET' && noun === 'orders' && id === undefined) return listOrders(request)
    if (request.method === 'GET' && noun === 'orders' && verb === 'payments') return listPayments(id)
    if (request.method === 'POST' && noun === 'payments' && verb === 'refund') return once(request, id, body)
    if (request.method === 'GET' && noun === 'payments' && verb === 'refunds')
      return list(refunds.filter(({ payment_id }) => payment_id === id))
    return fail(404, { description: 'The requested URL was not found on the server.' })
  })

  function createOrder(body: Record<string, unknown>): Reply {
    const { amount, currency, receipt, notes, ...others } = body
    for (const field of Object.keys(others)) return fail(400, { field, reason: 'extra_field_sent' })
    if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return fail(400, { field: 'currency' })
    if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) return fail(400, { field: 'amount' })
    if (amount < (least[currency] ?? 1)) return fail(400, { reason: 'amount_less_than_minimum_amount' })
    if (typeof receipt !== 'string' || receipt.length > 40) return fail(400, { field: 'receipt' })
    if ((notes as Record<string, string>)?.paymentId !== receipt) return fail(400, { field: 'notes' })
    if (account.uniqueReceipts && orders.some((order) => order.receipt === receipt))
      return fail(400, { description: 'Order receipt should be unique.', reason: 'input_validation_failed' })
    const order: FakeOrder = {
      id: newId('order'),
      entity: 'order',
      amount,
      currency,
      receipt,
      notes: notes as Record<string, string>,
      status: 'created',
    }
    orders.push(order)
    return { status: 200, body: order }
  }

  function listOrders({ query }: AskedFor): Reply {
    if (account.blind > 0) {
      account.blind--
      return list([])
    }
    // "the orders that contain the provided value for receipt"
    return list(orders.filter(({ receipt }) => receipt.includes(query.get('receipt') ?? '')))
  }

  function listPayments(id: string | undefined): Reply {
    if (!orders.some((order) => order.id === id))
      return fail(400, { description: 'The id provided does not exist' })
    return list(payments.filter(({ order_id }) => order_id === id))
  }

  /** The same key: the same answer; the same key with another body is refused. */
  function once(request: AskedFor, id: string | undefined, body: Record<string, unknown>): Reply {
    const key = request.headers['x-refund-idempotency']
    if (typeof key !== 'string' || !/^[\w-]{10,}$/.test(key))
      return fail(400, { field: 'X-Refund-Idempotency' })
    const said = `${request.path} ${request.body}`
    const before = keys.get(key)
    if (before && before.request !== said)
      return fail(400, {
        description: 'Different request with the same idempotency key has already been processed.',
      })
    const reply = before?.reply ?? createRefund(id, body)
    keys.set(key, { request: said, reply })
    return reply
  }

  function createRefund(id: string | undefined, body: Record<string, unknown>): Reply {
    const payment = payments.find((candidate) => candidate.id === id)
    if (!payment?.captured) return fail(400, { description: 'The payment is not captured' })
    const { amount, receipt } = body
    if (typeof amount !== 'number' || typeof receipt !== 'string') return fail(400, { field: 'receipt' })
    if (payment.amount_refunded === payment.amount)
      return fail(400, { description: 'The payment has been fully refunded already' })
    if (amount < 1 || amount > payment.amount - payment.amount_refunded)
      return fail(400, { description: 'The refund amount provided is greater than amount captured' })
    return { status: 200, body: giveBack(payment, amount, receipt) }
  }

  function giveBack(payment: FakePayment, amount: number, receipt: string | null): FakeRefund {
    payment.amount_refunded += amount
    if (payment.amount_refunded === payment.amount) payment.status = 'refunded'
    const refund: FakeRefund = {
      id: newId('rfnd'),
      entity: 'refund',
      payment_id: payment.id,
      amount,
      receipt,
      status: 'processed',
    }
    refunds.push(refund)
    return refund
  }

  function become(payment: FakePayment, status: State): void {
    const order = orders.find(({ id }) => id === payment.order_id)
    payment.status = status
    payment.captured = status === 'captured'
    payment.error_reason = status === 'failed' ? 'incorrect_pin' : null
    if (order && order.status !== 'paid') order.status = status === 'captured' ? 'paid' : 'attempted'
  }

  return Object.assign(account, {
    ...server,
    keyId,
    keySecret,
    webhookSecret,
    orders,
    refunds,
    become,
    last() {
      const order = orders.at(-1)
      if (!order) throw new Error('no order was made')
      return order
    },
    attempt(order: FakeOrder, status: State, notes?: Record<string, string>) {
      const payment: FakePayment = {
        id: newId('pay'),
        entity: 'payment',
        order_id: order.id,
        amount: order.amount,
        currency: order.currency,
        status,
        captured: false,
        amount_refunded: 0,
        error_reason: null,
        notes: notes ?? [],
      }
      payments.push(payment)
      become(payment, status)
      return payment
    },
    handOver({ id, order_id }: FakePayment) {
      return {
        razorpay_order_id: order_id ?? '',
        razorpay_payment_id: id,
        razorpay_signature: sign(`${order_id}|${id}`, keySecret),
      }
    },
    refundInDashboard(payment: FakePayment, amount: number) {
      giveBack(payment, amount, null)
    },
    webhook(
      event: string,
      payment: FakePayment,
      { id, secret = webhookSecret, change = {} }: WebhookOptions = {},
    ) {
      const order = orders.find((candidate) => candidate.id === payment.order_id)
      const withOrder = event.startsWith('order.') && order
      const body = JSON.stringify({
        entity: 'event',
        account_id: 'acc_school',
        event,
        contains: withOrder ? ['payment', 'order'] : ['payment'],
        payload: {
          payment: { entity: { ...payment, ...change } },
          ...(withOrder ? { order: { entity: order } } : {}),
        },
        created_at: 1_567_674_606,
      })
      const signature = sign(body, secret)
      if (!Razorpay.validateWebhookSignature(body, signature, secret)) throw new Error('wrongly signed')
      return {
        body,
        headers: {
          'content-type': 'application/json',
          'x-razorpay-signature': signature,
          ...(id === null ? {} : { 'x-razorpay-event-id': id ?? newId('event') }),
        },
      }
    },
    sign: (body: string) => ({ body, headers: { 'x-razorpay-signature': sign(body, webhookSecret) } }),
    forgetKeys: () => keys.clear(),
  })
}

function sign(message: string, secret: string): string {
  return createHmac('sha256', secret).update(message).digest('hex')
}

function list(items: readonly unknown[]): Reply {
  return { status: 200, body: { entity: 'collection', count: items.length, items } }
}

function fail(status: number, error: Record<string, unknown>): Reply {
  return { status, body: { error: { code: 'BAD_REQUEST_ERROR', description: 'refused', ...error } } }
}
