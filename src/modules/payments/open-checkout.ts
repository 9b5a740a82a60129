import type { Deps } from '../../platform/deps.ts'
import { notFound, Refusal, type RefusalKind, refuse } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { closeCheckout } from './close-checkout.ts'
import { describeCheckout } from './describe-checkout.ts'
import { amountNotPayable, gatewayRefused, paymentOver } from './errors.ts'
import { failPayment } from './fail-payment.ts'
import type { Checkout } from './gateway.ts'
import { gatewayNamed } from './gateways.ts'
import { findPayment, lockPayment, type PaymentRow, updateCheckout } from './queries.ts'
import { updateNotDue } from './reconcile-queries.ts'

/** What a gateway answers that will never open a checkout. A payment that fails of it has failed by this code. */
const finalRefusals: readonly RefusalKind[] = [amountNotPayable, gatewayRefused]

/**
 * What a request to pay ends with, the first time or repeated: the payment as it stands and, while it is to be paid, its checkout,
 * opened where none is kept. Not within a transaction.
 * @param options.fresh the payment was recorded by this very request
 * @throws Refusal 409 `payment_over` where a repetition comes too late to open one; what the gateway refuses for good, the first time and
 * repeated; 502 `gateway_failed`
 */
export async function readyCheckout(
  deps: Deps,
  paymentId: string,
  { fresh }: { fresh: boolean },
): Promise<{ payment: PaymentRow; checkout?: Checkout }> {
  const payment = await findPayment(deps.db, paymentId)
  if (!payment) throw refuse(notFound)
  const { status, checkout } = payment
  if (status === 'captured' || status === 'refunded') return { payment }
  if (checkout !== null)
    return status === 'pending' ? { payment, checkout: checkout as Checkout } : { payment }
  const refused = finalRefusals.find(({ code }) => code === payment.failure_reason)
  if (refused) throw refuse(refused)
  if (status !== 'pending' && !fresh) throw refuse(paymentOver)
  const opened = await openCheckout(deps, payment)
  return { payment: opened, checkout: opened.checkout as Checkout }
}

/**
 * Opens the checkout of a payment at its gateway, and keeps it; opened again, it is the same one. What the gateway refuses for good has
 * failed. Not within a transaction.
 */
export async function openCheckout(deps: Deps, payment: PaymentRow): Promise<PaymentRow> {
  const request = await describeCheckout(deps, payment)
  const { reference, checkout } = await gatewayNamed(deps, payment.gateway)
    .open(request)
    .catch((error: unknown) => refuseOpening(deps, payment, error))
  return deps.transact(async (tx) => {
    const kept = await updateCheckout(tx, { id: payment.id, reference, checkout })
    // It was superseded, or given up, while it was opened.
    if (kept.status === 'failed') await addJob(tx, closeCheckout, { paymentId: payment.id })
    return kept
  })
}

/** The payment has failed, and nobody is asked about it any more; its enrollment waits for another one. */
async function refuseOpening(deps: Deps, found: PaymentRow, error: unknown): Promise<never> {
  if (isFinal(error)) {
    const cause = { userId: null, at: deps.clock.now() }
    await deps.transact(async (tx) => {
      const payment = await lockPayment(tx, found)
      // A request beside this one was answered otherwise: that checkout can be paid.
      if (payment.reference !== null) return
      await failPayment(tx, cause, { payment, reason: error.kind.code })
      await updateNotDue(tx, payment.id)
    })
  }
  throw error
}

/** Whether a gateway has said that it will never open this checkout. */
export function isFinal(error: unknown): error is Refusal {
  return error instanceof Refusal && finalRefusals.some(({ code }) => code === error.kind.code)
}
