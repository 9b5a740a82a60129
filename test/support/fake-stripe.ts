import { Stripe } from 'stripe'
import {
  type AskedFor,
  openUnreliableServer,
  type Reply,
  type UnreliableServer,
} from './unreliable-server.ts'

/** As Stripe delivers it: the very body that was signed, and the headers. */
export interface SignedWebhook {
  readonly body: string
  readonly headers: Record<string, string>
}

interface FakeSession {
  readonly id: string
  readonly url: string
  readonly form: Readonly<Record<string, string>>
  /** Unix seconds. */
  readonly created: number
  status: 'open' | 'complete' | 'expired'
  payment_status: 'paid' | 'unpaid'
  intent: FakeIntent | null
}

interface FakeIntent {
  readonly id: string
  status: 'succeeded' | 'processing' | 'requires_payment_method'
  readonly amount: number
  readonly currency: string
  refunded: number
  readonly metadata: Record<string, string>
}

interface FakeRefund {
  readonly id: string
  readonly object: 'refund'
  readonly payment_intent: string
  readonly amount: number
  readonly metadata: Record<string, string>
  status: 'succeeded' | 'failed'
}

/** Stripe as far as it is used here, on loopback: it checks what it is sent and keeps its own truth. */
export interface FakeStripe extends UnreliableServer {
  readonly secretKey: string
  readonly webhookSecret: string
  readonly sessions: Map<string, FakeSession>
  readonly refunds: FakeRefund[]
  /** The session that was opened last. */
  last(): FakeSession
  /** The buyer pays: at once, or by a method that settles later. */
  pay(session: FakeSession, how?: 'at once' | 'later'): void
  /** What pays later comes, or does not. */
  settle(session: FakeSession, succeeds: boolean): void
  expire(session: FakeSession): void
  /** Somebody refunds in Stripe's dashboard. */
  refundInDashboard(session: FakeSession, amount: number): void
  /** A webhook about a session, or about the charge of it (`charge.…`), as things stand now. */
  webhook(type: string, session: FakeSession, options?: WebhookOptions): SignedWebhook
  /** Any body at all, signed. */
  sign(body: string, options?: Pick<WebhookOptions, 'secret' | 'at'>): SignedWebhook
  /** Forgets the idempotency keys, as Stripe does after a day or more. */
  forgetKeys(): void
}

interface WebhookOptions {
  readonly id?: string
  readonly secret?: string
  readonly at?: Date
  /** Changes of the object before it is signed. */
  readonly change?: Record<string, unknown>
}

const version = '2026-10-28.endive'
const threeDigits = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd'])
const twoZeros = new Set(['isk', 'ugx'])

export async function openFakeStripe(): Promise<FakeStripe> {
  const secretKey = 'sk_test_school'
  const webhookSecret = 'whsec_school'
  const sessions = new Map<string, FakeSession>()
  const refunds: FakeRefund[] = []
  const keys = new Map<string, { request: string; reply: Reply }>()
  let count = 0
  const newId = (prefix: string) => `${prefix}_test_${++count}`

  const server = await openUnreliableServer((request) => {
    if (request.headers.authorization !== `Bearer ${secretKey}`)
      return fail(401, { message: 'Invalid API Key provided: sk_test_****' })
    if (request.headers['stripe-version'] !== version) return fail(400, { param: 'Stripe-Version' })
    return request.method === 'POST' ? once(request) : read(request)
  })

  /** The same key: the same answer; the same key with another body is refused. */
  function once(request: AskedFor): Reply {
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string') return fail(400, { message: 'this fake wants an idempotency key' })
    const said = `${request.path}?${request.body}`
    const before = keys.get(key)
    if (before && before.request !== said) return fail(400, { type: 'idempotency_error' })
    const reply = before?.reply ?? write(request)
    keys.set(key, { request: said, reply })
    return reply
  }

  function write(request: AskedFor): Reply {
    const form = Object.fromEntries(new URLSearchParams(request.body))
    if (request.path === '/v1/checkout/sessions') return createSession(form, request)
    if (request.path === '/v1/refunds') return createRefund(form)
    const [, id] = /^\/v1\/checkout\/sessions\/(.+)\/expire$/.exec(request.path) ?? []
    if (id !== undefined) return expireSession(sessions.get(id))
    return fail(404, { code: 'resource_missing' })
  }

  function createSession(form: Record<string, string>, request: AskedFor): Reply {
    const price = 'line_items[0][price_data]'
    const amount = Number(form[`${price}[unit_amount]`])
    const currency = form[`${price}[currency]`] ?? ''
    const paymentId = form.client_reference_id
    for (const [param, right] of [
      ['mode', form.mode === 'payment'],
      ['line_items[0][quantity]', form['line_items[0][quantity]'] === '1'],
      [`${price}[product_data][name]`, Boolean(form[`${price}[product_data][name]`])],
      [`${price}[currency]`, /^[a-z]{3}$/.test(currency)],
      [`${price}[unit_amount]`, Number.isSafeInteger(amount) && amount > 0],
      [`${price}[unit_amount]`, !threeDigits.has(currency) || amount % 10 === 0],
      [`${price}[unit_amount]`, !twoZeros.has(currency) || amount % 100 === 0],
      ['customer_email', /^\S+@\S+\.\S+$/.test(form.customer_email ?? '')],
      ['success_url', URL.canParse(form.success_url ?? '')],
      ['cancel_url', URL.canParse(form.cancel_url ?? '')],
      ['metadata[paymentId]', Boolean(paymentId) && form['metadata[paymentId]'] === paymentId],
      ['payment_intent_data', form['payment_intent_data[metadata][paymentId]'] === paymentId],
      ['adaptive_pricing', form['adaptive_pricing[enabled]'] === 'false'],
      ['idempotency-key', `${request.headers['idempotency-key']}`.startsWith(`${paymentId}:`)],
    ] as const) {
      if (!right) return fail(400, { param })
    }
    if (currency === 'usd' && amount < 50) return fail(400, { code: 'amount_too_small' })
    const id = newId('cs')
    const session: FakeSession = {
      id,
      url: `https://checkout.stripe.test/c/pay/${id}`,
      form,
      created: Math.floor(Date.now() / 1_000),
      status: 'open',
      payment_status: 'unpaid',
      intent: null,
    }
    sessions.set(id, session)
    return { status: 200, body: sessionObject(session) }
  }

  function expireSession(session: FakeSession | undefined): Reply {
    if (!session) return fail(404, { code: 'resource_missing' })
    if (session.status !== 'open') return fail(400, { message: 'Only open sessions can be expired.' })
    session.status = 'expired'
    return { status: 200, body: sessionObject(session) }
  }

  function createRefund(form: Record<string, string>): Reply {
    const intent = [...sessions.values()].find(({ intent }) => intent?.id === form.payment_intent)?.intent
    const amount = Number(form.amount)
    if (intent?.status !== 'succeeded')
      return fail(404, { code: 'resource_missing', param: 'payment_intent' })
    if (!form['metadata[refundId]']) return fail(400, { param: 'metadata[refundId]' })
    if (intent.refunded === intent.amount) return fail(400, { code: 'charge_already_refunded' })
    if (!(amount > 0) || amount > intent.amount - intent.refunded) return fail(400, { param: 'amount' })
    intent.refunded += amount
    const refund: FakeRefund = {
      id: newId('re'),
      object: 'refund',
      payment_intent: intent.id,
      amount,
      metadata: metadataOf(form, 'metadata'),
      status: 'succeeded',
    }
    refunds.push(refund)
    return { status: 200, body: refund }
  }

  function read(request: AskedFor): Reply {
    if (request.path === '/v1/balance') return { status: 200, body: { object: 'balance', livemode: false } }
    if (request.path === '/v1/refunds') {
      const data = refunds.filter(
        ({ payment_intent }) => payment_intent === request.query.get('payment_intent'),
      )
      return { status: 200, body: { object: 'list', data, has_more: false, url: '/v1/refunds' } }
    }
    if (request.path === '/v1/checkout/sessions') return listSessions(request)
    const session = sessions.get(request.path.replace('/v1/checkout/sessions/', ''))
    if (!session) return fail(404, { code: 'resource_missing' })
    const expands = [...request.query].some(
      ([name, value]) => name.startsWith('expand') && value === 'payment_intent.latest_charge',
    )
    return { status: 200, body: sessionObject(session, expands) }
  }

  function listSessions({ query }: AskedFor): Reply {
    if (query.get('expand[0]') !== 'data.payment_intent.latest_charge') return fail(400, { param: 'expand' })
    const data = [...sessions.values()]
      .filter(({ form }) => form.customer_email === query.get('customer_details[email]'))
      .filter(({ status }) => status === query.get('status'))
      .filter(({ created }) => created >= Number(query.get('created[gte]')))
      .filter(({ created }) => created <= Number(query.get('created[lte]')))
      .map((session) => sessionObject(session, true))
    return { status: 200, body: { object: 'list', data, has_more: false, url: '/v1/checkout/sessions' } }
  }

  function sign(payload: string, { secret = webhookSecret, at = new Date() } = {}): SignedWebhook {
    const timestamp = Math.floor(at.getTime() / 1_000)
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
    return { body: payload, headers: { 'content-type': 'application/json', 'stripe-signature': signature } }
  }

  return {
    ...server,
    secretKey,
    webhookSecret,
    sessions,
    refunds,
    last() {
      const session = [...sessions.values()].at(-1)
      if (!session) throw new Error('no session was opened')
      return session
    },
    pay(session, how = 'at once') {
      if (session.status !== 'open') throw new Error('the session is not open')
      session.status = 'complete'
      session.payment_status = how === 'at once' ? 'paid' : 'unpaid'
      session.intent = {
        id: newId('pi'),
        status: how === 'at once' ? 'succeeded' : 'processing',
        amount: Number(session.form['line_items[0][price_data][unit_amount]']),
        currency: session.form['line_items[0][price_data][currency]'] ?? '',
        refunded: 0,
        metadata: metadataOf(session.form, 'payment_intent_data[metadata]'),
      }
    },
    settle(session, succeeds) {
      if (session.intent?.status !== 'processing') throw new Error('nothing is on its way')
      session.intent.status = succeeds ? 'succeeded' : 'requires_payment_method'
      session.payment_status = succeeds ? 'paid' : 'unpaid'
    },
    expire(session) {
      session.status = 'expired'
    },
    refundInDashboard({ intent }, amount) {
      if (!intent || intent.refunded + amount > intent.amount) throw new Error('more than there is')
      intent.refunded += amount
    },
    webhook(type, session, { id, secret = webhookSecret, at = new Date(), change = {} } = {}) {
      const object = type.startsWith('charge.') ? chargeObject(session.intent) : sessionObject(session)
      const created = Math.floor(at.getTime() / 1_000)
      const body = JSON.stringify({
        id: id ?? newId('evt'),
        object: 'event',
        api_version: version,
        created,
        type,
        data: { object: { ...object, ...change } },
      })
      return sign(body, { secret, at })
    },
    sign,
    forgetKeys: () => keys.clear(),
  }
}

function sessionObject(session: FakeSession, expand = false) {
  const { id, url, form, created, status, payment_status, intent } = session
  return {
    id,
    object: 'checkout.session',
    created,
    url: status === 'open' ? url : null,
    status,
    payment_status,
    mode: 'payment',
    client_reference_id: form.client_reference_id,
    customer_email: form.customer_email,
    metadata: metadataOf(form, 'metadata'),
    amount_total: Number(form['line_items[0][price_data][unit_amount]']),
    currency: form['line_items[0][price_data][currency]'],
    payment_intent: intent && expand ? intentObject(intent) : (intent?.id ?? null),
  }
}

function intentObject(intent: FakeIntent) {
  const { id, status, amount, currency, metadata } = intent
  return {
    id,
    object: 'payment_intent',
    status,
    amount,
    amount_received: status === 'succeeded' ? amount : 0,
    currency,
    metadata,
    latest_charge: chargeObject(intent),
  }
}

function chargeObject(intent: FakeIntent | null) {
  if (!intent) throw new Error('there is no charge yet')
  const { id, amount, currency, metadata, refunded } = intent
  return {
    id: id.replace('pi_', 'ch_'),
    object: 'charge',
    payment_intent: id,
    amount,
    currency,
    metadata,
    amount_refunded: refunded,
    refunded: refunded === amount,
  }
}

function metadataOf(form: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => {
      const key = name.startsWith(`${prefix}[`) ? name.slice(prefix.length + 1, -1) : undefined
      return key === undefined ? [] : [[key, value]]
    }),
  )
}

function fail(status: number, error: Record<string, unknown>): Reply {
  return { status, body: { error: { type: 'invalid_request_error', message: 'refused', ...error } } }
}
