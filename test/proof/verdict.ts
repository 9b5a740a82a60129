import type pg from 'pg'
import type { TrueCapture } from './scripted-gateway.ts'

interface Books {
  /** The account is deleted. */
  readonly deleted: boolean
  /** How often money was found to give access after that. */
  readonly late: number
  readonly payments: readonly {
    id: string
    gateway: string
    status: string
    amount: number
    currency: string
    pays: boolean
    redeems: boolean
    /** The coupon that lowered its price. */
    coupon: string | null
    /** It was paid at the price that was asked: by money that was kept at first, or by the coupon alone. */
    honored: boolean
    /** The school ended the access that it paid for, and kept the money. */
    ended: boolean
    /** The student gave the access up that it paid for, and may take it up again. */
    givenUp: boolean
  }[]
  readonly coupons: readonly { id: string; redeemed: number; noted: number; most: number; perUser: number }[]
  readonly captures: readonly { key: string; amount: number; currency: string; movements: number }[]
  readonly refunds: readonly { capture: string; status: string; amount: number; movements: number }[]
  readonly inbox: readonly { key: string; open: boolean }[]
  readonly history: readonly { payment_id: string; from_status: string | null; to_status: string }[]
  readonly ledger: readonly { account: string; currency: string; amount: number }[]
  readonly facts: readonly { payment_id: string }[]
  readonly enrollments: readonly {
    status: string
    reason: string | null
    granted: boolean
    completed_at: string | null
    moves: readonly string[]
  }[]
}

/** What our database holds, by person. */
export async function readBooks(pool: pg.Pool, userIds: readonly string[]): Promise<Map<string, Books>> {
  const { rows } = await pool.query(
    `select users.id as user_id, users.status = 'deleted' as deleted,
      (select count(*)::int from events captured join events gone on gone.type = 'user.deleted'
         and gone.payload->>'userId' = users.id::text and captured.id > gone.id
       where captured.type = 'payment.captured' and captured.payload->>'userId' = users.id::text) as late,
      (select coalesce(json_agg(json_build_object('id', id, 'gateway', gateway, 'status', status, 'amount', amount,
         'currency', currency, 'pays', pays, 'redeems', exists (select from coupon_redemptions where payment_id = payments.id),
         'coupon', coupon_id, 'honored', captured_at is not null and (gateway = 'coupon'
           or exists (select from payment_captures where payment_id = payments.id and verdict = 'pays')),
         'ended', coalesce(bought.revoke_reason = 'cancelled_by_admin', false),
         'givenUp', coalesce(bought.revoke_reason = 'cancelled_by_student', false))), '[]')
       from payments left join lateral (select revoke_reason from enrollment_entitlements
         where source = 'purchase' and reference = payments.id order by id desc limit 1) bought on true
       where user_id = users.id) as payments,
      (select coalesce(json_agg(json_build_object('id', id, 'redeemed', redeemed, 'most', coalesce(max_redemptions, 1000000),
         'perUser', coalesce(per_user, 1000000),
         'noted', (select count(*) from coupon_redemptions where coupon_id = coupons.id))), '[]')
       from coupons where id in (select coupon_id from payments where user_id = users.id)) as coupons,
      (select coalesce(json_agg(json_build_object('key', c.gateway || ' ' || c.capture_reference, 'amount', c.amount,
         'currency', c.currency, 'movements', (select count(*) from ledger_movements
           where cause = 'capture:' || c.gateway || ':' || c.capture_reference))), '[]')
       from payment_captures c join payments p on p.id = c.payment_id where p.user_id = users.id) as captures,
      (select coalesce(json_agg(json_build_object('capture', r.gateway || ' ' || r.capture_reference, 'status', r.status,
         'amount', r.amount, 'movements', (select count(*) from ledger_movements
           where cause = 'refund:' || r.id))), '[]')
       from refunds r join payments p on p.id = r.payment_id where p.user_id = users.id) as refunds,
      (select coalesce(json_agg(json_build_object('key', i.gateway || ' ' || i.event_id, 'open', i.processed_at is null)), '[]')
       from webhook_inbox i join payments p on p.id::text = substr(i.event->>'reference', 5) where p.user_id = users.id) as inbox,
      (select coalesce(json_agg(json_build_object('payment_id', h.payment_id, 'from_status', h.from_status,
         'to_status', h.to_status) order by h.id), '[]')
       from payment_history h join payments p on p.id = h.payment_id where p.user_id = users.id) as history,
      (select coalesce(json_agg(sums), '[]') from (
         select e.account, e.currency, sum(e.amount) as amount from ledger_entries e
         join ledger_movements m on m.id = e.movement_id join payments p on p.id = m.payment_id
         where p.user_id = users.id group by e.account, e.currency) sums) as ledger,
      (select coalesce(json_agg(json_build_object('payment_id', payload->>'paymentId')), '[]')
       from events where type = 'payment.captured' and payload->>'userId' = users.id::text) as facts,
      (select coalesce(json_agg(json_build_object('status', e.status, 'reason', (select reason from enrollment_history
         where enrollment_id = e.id order by id desc limit 1), 'granted', exists (select from enrollment_entitlements
         where enrollment_id = e.id and source <> 'purchase' and revoked_at is null),
         'completed_at', completed_at, 'moves', (select json_agg(to_status order by id)
           from enrollment_history where enrollment_id = e.id)) order by e.id), '[]')
       from enrollments e where e.user_id = users.id) as enrollments
    from users where users.id = any($1)`,
    [userIds],
  )
  return new Map(rows.map(({ user_id, ...books }) => [user_id, books]))
}

const forward = new Set([
  'null pending',
  'pending captured',
  'pending failed',
  'failed captured',
  'captured refunded',
])

/** Every way that an enrollment in a paid course may go. */
const life = /^(pending( cancelled)?|(pending )?active( cancelled| completed( cancelled)?)?)$/

/** What is true of a person's money, whatever our books say. */
export interface Truth {
  readonly gateways: readonly { readonly captures: readonly TrueCapture[] }[]
  /** Ids of the events that arrived, at least once. */
  readonly arrived: ReadonlySet<string>
}

/** What is wrong with somebody's books, held against the gateways' own truth. */
export function faultsOf(said: Truth, books: Books): string[] {
  const faults: string[] = []
  const truth = said.gateways.flatMap(({ captures }) => captures)

  for (const { key, amount, currency, movements } of books.captures) {
    const real = truth.find(({ gateway, reference }) => key === `${gateway} ${reference}`)
    if (!real) faults.push(`a capture that never was: ${key}`)
    else if (real.amount.amount !== amount || real.amount.currency !== currency)
      faults.push(`another amount than was captured: ${key}`)
    if (movements !== 1) faults.push(`${movements} ledger movements for the capture ${key}`)
  }
  for (const { gateway, reference, refunded } of truth) {
    const key = `${gateway} ${reference}`
    if (books.captures.filter((capture) => capture.key === key).length !== 1)
      faults.push(`money was taken and is not in the books: ${key}`)
    const done = books.refunds.filter((refund) => refund.capture === key && refund.status === 'done')
    const sum = done.reduce((total, { amount }) => total + amount, 0)
    if (sum !== refunded) faults.push(`refunded ${refunded} of ${key}, in the books ${sum}`)
  }
  for (const { capture, status, movements } of books.refunds) {
    if (status === 'requested') faults.push(`a refund of ${capture} that was never made`)
    if (movements !== (status === 'done' ? 1 : 0))
      faults.push(`${movements} movements for a refund: ${capture}`)
  }

  const held = truth.filter(({ amount, refunded }) => refunded < amount.amount)
  for (const currency of new Set(truth.map(({ amount }) => amount.currency))) {
    const real = held
      .filter(({ amount }) => amount.currency === currency)
      .reduce((sum, { amount, refunded }) => sum + amount.amount - refunded, 0)
    const ours = books.ledger.find((sum) => sum.account === 'gateway' && sum.currency === currency)
    if ((ours?.amount ?? 0) !== real)
      faults.push(`the gateways hold ${real} ${currency}, the ledger says ${ours?.amount ?? 0}`)
    const all = books.ledger.filter((sum) => sum.currency === currency)
    if (all.reduce((sum, { amount }) => sum + amount, 0) !== 0) faults.push(`the ledger is out of balance`)
  }

  // What was paid for an access that the school has ended buys nothing any more.
  const ended = new Set(books.payments.flatMap((payment) => (payment.ended ? [payment.id] : [])))
  const buying = held.filter(({ paymentId }) => !ended.has(paymentId))
  if (buying.length > 1) faults.push(`the money of ${buying.length} payments was kept`)
  const [money] = buying
  if (books.payments.some(({ id, pays }) => pays && ended.has(id)))
    faults.push('a payment pays for an access that an admin has ended')
  const asked = books.payments.find(({ id }) => id === money?.paymentId)
  if (money && (money.amount.amount !== asked?.amount || money.amount.currency !== asked.currency))
    faults.push('money of another amount was kept')
  const paying = books.payments.filter(({ pays }) => pays)
  const free = paying.some(({ gateway }) => gateway === 'coupon')
  if (paying.length !== buying.length + (free ? 1 : 0))
    faults.push(`${paying.length} payments pay, ${buying.length} were kept`)
  if (free && money) faults.push('paid for what a coupon had paid for')
  faults.push(...couponFaults(books))
  const last = books.enrollments.at(-1)
  const access = last?.status === 'active' || last?.status === 'completed'
  // What was paid before the account was deleted is the school's; what was completed before stays on record.
  const gaveUp = last?.reason === 'cancelled_by_student' || (books.deleted && last?.reason === 'user_deleted')
  if (books.late > 0) faults.push('money gave access to a deleted account')
  if (books.deleted && (last?.status === 'active' || last?.status === 'pending'))
    faults.push(`an enrollment of a deleted account is ${last.status}`)
  const granted = last?.granted === true
  // A grant that came after it and was taken back leaves them where they were.
  const waits = books.payments.some(({ pays, givenUp }) => pays && givenUp)
  if ((money || free) && !access && !gaveUp && !waits) faults.push('paid, and no access')
  if (granted && !access && !gaveUp) faults.push('granted, and no access')
  if (!money && !free && access && !granted) faults.push('access, and not paid')
  for (const { status, completed_at, moves } of books.enrollments) {
    if (!life.test(moves.join(' ')) || moves.at(-1) !== status)
      faults.push(`an enrollment is ${status} and was ${moves.join(', ')}`)
    if (moves.includes('completed') !== (completed_at !== null))
      faults.push('when it was completed is not on record')
  }

  const inbox = books.inbox.map(({ key }) => key)
  if (new Set(inbox).size !== inbox.length) faults.push('an event is in the inbox twice')
  for (const key of said.arrived) if (!inbox.includes(key)) faults.push(`an event was not kept: ${key}`)
  if (books.inbox.some(({ open }) => open)) faults.push('an event was not acted on')

  const stand = new Map<string, string>()
  for (const { payment_id, from_status, to_status } of books.history) {
    if (!forward.has(`${from_status} ${to_status}`)) faults.push(`went from ${from_status} to ${to_status}`)
    if ((stand.get(payment_id) ?? null) !== from_status) faults.push('a gap in the history')
    stand.set(payment_id, to_status)
  }
  for (const { id, status } of books.payments) {
    if (stand.get(id) !== status) faults.push(`is ${status}, its history says ${stand.get(id)}`)
    if (status === 'pending') faults.push('waits for ever')
  }
  const facts = books.facts.map(({ payment_id }) => payment_id)
  if (new Set(facts).size !== facts.length) faults.push('payment.captured was told twice')
  return faults
}

/** A coupon is used as often as it is counted, and no more often than it may: by what was ever paid at its price. */
function couponFaults({ coupons, payments }: Books): string[] {
  const faults: string[] = []
  for (const { id, redeemed, noted, most, perUser } of coupons) {
    if (redeemed !== noted) faults.push(`a coupon is counted ${redeemed} times, and was used ${noted} times`)
    const honored = payments.filter((payment) => payment.coupon === id && payment.honored)
    if (honored.length > Math.min(most, perUser))
      faults.push(`${honored.length} payments had a discount that ${Math.min(most, perUser)} may have`)
    if (honored.some(({ redeems }) => !redeems)) faults.push('a discount was given and not counted')
  }
  if (payments.some(({ status, redeems }) => status === 'failed' && redeems))
    faults.push('a failed payment has used a coupon up')
  return faults
}
