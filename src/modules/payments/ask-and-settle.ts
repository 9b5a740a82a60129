import type { Deps } from '../../platform/deps.ts'
import { gatewayNamed, isGatewayName } from './gateways.ts'
import { logOutcome } from './log-outcome.ts'
import type { PaymentRow } from './queries.ts'
import { readAnswer } from './read-answer.ts'
import { settleEvent } from './settle-event.ts'
import { takeEvent } from './take-event.ts'

/** Asks the gateway how a payment stands that may still be paid, and acts on the answer at once: somebody waits. Not within a transaction. */
export async function askAndSettle(deps: Deps, payment: PaymentRow): Promise<void> {
  const { id: paymentId, gateway, reference, status } = payment
  if (status !== 'pending' && status !== 'failed') return
  if (reference === null || !isGatewayName(gateway)) return
  const answer = await gatewayNamed(deps, gateway).ask({ paymentId, reference })
  for (const event of readAnswer({ paymentId, reference }, answer)) {
    const cause = { userId: null, at: deps.clock.now() }
    const inboxId = await deps.transact((tx) => takeEvent(tx, cause, { gateway, event }))
    if (inboxId) logOutcome(deps.log, inboxId, await deps.transact((tx) => settleEvent(tx, cause, inboxId)))
  }
}
