import type { Log } from '../../platform/log.ts'
import type { Outcome } from './settle-event.ts'

/** Tells whoever runs the school of money that did not do what it should. */
export function logOutcome(log: Log, inboxId: string, outcome: Outcome | null): void {
  if (outcome === 'amount_mismatch' || outcome === 'contradiction')
    log.error({ inboxId, outcome }, 'a gateway told of other money than was asked for')
  if (outcome === 'coupon_exhausted')
    log.error({ inboxId, outcome }, 'the money of a payment came whose coupon is used up, and goes back')
  if (outcome === 'student_gone')
    log.error({ inboxId, outcome }, 'the money of a payment came whose student is deleted, and goes back')
  if (outcome === 'unknown') log.warn({ inboxId }, 'a gateway told of a payment that is not here')
}
