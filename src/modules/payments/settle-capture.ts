import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import type { Money } from '../../platform/money.ts'
import { holdAccount } from '../accounts/index.ts'
import { retakeCoupon } from './apply-coupon.ts'
import { findCapture, insertCapture } from './capture-queries.ts'
import { paymentCaptured, paymentReturned } from './events.ts'
import { failPayment, failPending, identify } from './fail-payment.ts'
import type { GatewayEvent, GatewayName } from './gateway.ts'
import { giveAccess } from './give-access.ts'
import { findWaitingFor } from './inbox-queries.ts'
import { writeMovement } from './ledger.ts'
import { findPayment, type PaymentRow, updateStatus } from './queries.ts'
import { insertRefund } from './refund-queries.ts'
import { judgeCapture, type Verdict } from './rules.ts'
import { queueRefund } from './send-refund.ts'
import { findStanding } from './standing-purchase.ts'
import { settle } from './take-event.ts'

type Captured = Extract<GatewayEvent, { kind: 'captured' }>

/** Money came. What it pays for is given; what it does not pay for goes back by itself. */
export async function settleCapture(
  tx: Tx,
  cause: Cause,
  { payment, gateway, event }: { payment: PaymentRow; gateway: GatewayName; event: Captured },
): Promise<Verdict | 'repeated'> {
  const { captureReference: reference, amount: money } = event
  const purchase = { userId: payment.user_id, courseId: payment.course_id }
  const asked = { amount: payment.amount, currency: payment.currency }
  const paid = (await findStanding(tx, purchase)) !== undefined
  const judged = judgeCapture({ status: payment.status, asked }, money, paid)
  if (money.amount === 0) return settleNothing(tx, cause, { payment, verdict: judged })
  if (await findCapture(tx, { gateway, reference })) return 'repeated'
  const verdict = judged === 'pays' ? await judgeFurther(tx, cause, payment) : judged
  await insertCapture(tx, { gateway, reference, paymentId: payment.id, money, verdict }, cause)

  const against = verdict === 'pays' ? 'sales' : 'returns'
  const movement = `capture:${gateway}:${reference}`
  await writeMovement(tx, { cause: movement, paymentId: payment.id, money, against, out: false }, cause)
  if (verdict === 'pays') {
    await markCaptured(tx, cause, { payment, reference, verdict })
    await failPending(tx, cause, { purchase, reason: 'superseded' })
  } else {
    if (verdict === 'amount_mismatch') await failPayment(tx, cause, { payment, reason: verdict })
    else if (verdict !== 'captured_twice') await markCaptured(tx, cause, { payment, reference, verdict })
    await giveBack(tx, cause, { payment, gateway, reference, money, reason: verdict })
  }
  for (const inboxId of await findWaitingFor(tx, { gateway, reference }))
    await addJob(tx, settle, { inboxId })
  return verdict
}

/** Whether what is right by its amount pays. The account is held: one that is being deleted is gone, or goes when the access is given. */
async function judgeFurther(tx: Tx, cause: Cause, payment: PaymentRow): Promise<Verdict> {
  if (!(await holdAccount(tx, payment.user_id))) return 'student_gone'
  return (await retakeCoupon(tx, cause, payment)) ? 'pays' : 'coupon_exhausted'
}

/** No money came, whatever the message is called: there is nothing to note, and nothing to give back. */
async function settleNothing(
  tx: Tx,
  cause: Cause,
  { payment, verdict }: { payment: PaymentRow; verdict: Verdict },
): Promise<Verdict> {
  if (verdict === 'amount_mismatch') await failPayment(tx, cause, { payment, reason: verdict })
  return verdict
}

/** From here on access rests on it, if it pays. Also for what a coupon has paid, which no gateway knows of. */
export async function markCaptured(
  tx: Tx,
  cause: Cause,
  captured: { payment: PaymentRow; reference?: string; verdict: Verdict },
): Promise<PaymentRow> {
  const { payment, reference, verdict } = captured
  const { id, status: from } = payment
  const pays = verdict === 'pays'
  const reason = pays ? 'paid' : verdict
  const move = { id, from, to: 'captured', reason, pays } as const
  await updateStatus(tx, { ...move, ...(reference ? { captureReference: reference } : {}) }, cause)
  if (pays) await giveAccess(tx, cause, payment)
  const now = (await findPayment(tx, id)) ?? payment
  const amount = { amount: now.amount, currency: now.currency }
  if (pays) await publish(tx, paymentCaptured, { ...identify(now), amount }, cause)
  return now
}

async function giveBack(
  tx: Tx,
  cause: Cause,
  money: { payment: PaymentRow; gateway: GatewayName; reference: string; money: Money; reason: Verdict },
): Promise<void> {
  const { payment, gateway, reference, money: amount, reason } = money
  const refund = { paymentId: payment.id, gateway, reference, ...amount, reason }
  const { id: refundId } = await insertRefund(tx, refund, cause)
  await queueRefund(tx, refundId)
  await publish(tx, paymentReturned, { ...identify(payment), refundId, amount, reason }, cause)
}
