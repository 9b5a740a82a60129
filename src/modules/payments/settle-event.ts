import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { isId } from '../../platform/ids.ts'
import { failPayment } from './fail-payment.ts'
import type { GatewayEvent } from './gateway.ts'
import { type InboxRow, lockOpenEvent, updateProcessed, updateWaiting } from './inbox-queries.ts'
import {
  findPayment,
  findPaymentByReference,
  lockPayment,
  type PaymentRow,
  updateReference,
} from './queries.ts'
import type { Verdict } from './rules.ts'
import { settleCapture } from './settle-capture.ts'
import { type ReportOutcome, settleReport } from './settle-report.ts'

export type Outcome = Verdict | ReportOutcome | 'repeated' | 'failed' | 'too_late' | 'unknown' | 'ignored'

/** Acts once on what a gateway told, in one transaction: the payment, the ledger, the access. Null where it was acted on before. */
export async function settleEvent(tx: Tx, cause: Cause, inboxId: string): Promise<Outcome | null> {
  const said = await lockOpenEvent(tx, inboxId)
  if (!said) return null
  const outcome = await act(tx, cause, said)
  // What waits stays open: the capture it waits for brings it up again.
  if (outcome === 'waits') await updateWaiting(tx, said.id)
  else await updateProcessed(tx, said.id, outcome, cause)
  return outcome
}

async function act(tx: Tx, cause: Cause, { gateway, event }: InboxRow): Promise<Outcome> {
  if (event.kind === 'other') return 'ignored'
  const found = await findPaymentOf(tx, gateway, event)
  if (!found) return 'unknown'
  const payment = await lockPayment(tx, found)
  if (payment.reference === null && event.reference !== null)
    await updateReference(tx, payment, event.reference)
  if (event.kind === 'refunded') return settleReport(tx, cause, { payment, ...event })
  if (event.kind === 'captured') return settleCapture(tx, cause, { payment, gateway, event })
  return (await failPayment(tx, cause, { payment, reason: event.reason })) ? 'failed' : 'too_late'
}

/** By our own id or, where the event carries none, by the gateway's name; of that gateway only. */
async function findPaymentOf(
  db: Db,
  gateway: string,
  { paymentId, reference }: GatewayEvent,
): Promise<PaymentRow | undefined> {
  const byId = paymentId !== null && isId(paymentId) ? await findPayment(db, paymentId) : undefined
  if (byId) return byId.gateway === gateway ? byId : undefined
  return reference === null ? undefined : findPaymentByReference(db, { gateway, reference })
}
