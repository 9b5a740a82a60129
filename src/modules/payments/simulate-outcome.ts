import { Type } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Id, newId } from '../../platform/ids.ts'
import { addJob, defineJob } from '../../platform/jobs/jobs.ts'
import { findPayment } from './queries.ts'
import { insertSimulated } from './simulator-queries.ts'

const Outcome = Type.Enum(['paid', 'declined'])

/** Sends one webhook of the simulator. */
export const sendSimulated = defineJob(
  'payments.send-simulated',
  Type.Object({ paymentId: Id, eventId: Type.String(), outcome: Outcome }),
)

/** Somebody pays or declines on the simulator's page: it keeps that in its books and tells us by webhook, late or twice if asked to. */
export async function simulateOutcome(
  tx: Tx,
  cause: Cause,
  said: { paymentId: string; outcome: 'paid' | 'declined'; delaySeconds?: number; duplicates?: number },
): Promise<void> {
  const { paymentId, outcome, delaySeconds = 0, duplicates = 0 } = said
  const payment = await findPayment(tx, paymentId)
  if (payment?.gateway !== 'simulator') throw refuse(notFound)
  const { amount, currency } = payment
  await insertSimulated(tx, { paymentId, outcome, amount, currency, at: cause.at })
  const eventId = `evt_${newId()}`
  const runAt = new Date(cause.at.getTime() + delaySeconds * 1_000)
  for (let sent = 0; sent <= duplicates; sent++) {
    const later = delaySeconds > 0 ? { runAt } : {}
    await addJob(tx, sendSimulated, { paymentId, eventId, outcome }, later)
  }
}
