import type { Deps } from '../../platform/deps.ts'
import { ownAddress } from './own-address.ts'
import { findPayment } from './queries.ts'
import { type SimulatorMessage, signatureHeader } from './simulator.ts'
import { signBody } from './simulator-signature.ts'

const timeoutMs = 10_000

/** Sends a webhook of the simulator to our own address, as a gateway would. The job tries again where it is not taken. */
export async function deliverSimulated(
  deps: Deps,
  said: { paymentId: string; eventId: string; outcome: 'paid' | 'declined' },
): Promise<void> {
  const { db, config, clock } = deps
  const payment = await findPayment(db, said.paymentId)
  if (!payment) return
  const { id: paymentId, amount, currency } = payment
  const type = said.outcome === 'paid' ? 'payment.captured' : 'payment.failed'
  const message: SimulatorMessage = { id: said.eventId, type, data: { paymentId, amount, currency } }
  const body = Buffer.from(JSON.stringify(message))
  const response = await fetch(`${ownAddress(deps)}/api/payments/webhook`, {
    method: 'POST',
    redirect: 'error',
    headers: {
      'content-type': 'application/json',
      [signatureHeader]: signBody(body, config.simulator.secret, clock.now()),
    },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`The webhook of the simulator was answered with ${response.status}.`)
}
