import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { closeCheckout } from './close-checkout.ts'
import { describeCheckout } from './describe-checkout.ts'
import { paymentOver } from './errors.ts'
import type { Checkout } from './gateway.ts'
import { gatewayNamed } from './gateways.ts'
import { findPayment, type PaymentRow, updateCheckout } from './queries.ts'

/**
 * What a request to pay ends with, the first time or repeated: the payment as it stands and, while it is to be paid, its checkout,
 * opened where none is kept. Not within a transaction.
 * @param options.fresh the payment was recorded by this very request
 * @throws Refusal 409 `payment_over` where a repetition comes too late to open one, 502 `gateway_failed`
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
  if (status !== 'pending' && !fresh) throw refuse(paymentOver)
  const opened = await openCheckout(deps, payment)
  return { payment: opened, checkout: opened.checkout as Checkout }
}

/** Opens the checkout of a payment at its gateway, and keeps it; opened again, it is the same one. Not within a transaction. */
export async function openCheckout(deps: Deps, payment: PaymentRow): Promise<PaymentRow> {
  const request = await describeCheckout(deps, payment)
  const { reference, checkout } = await gatewayNamed(deps, payment.gateway).open(request)
  return deps.transact(async (tx) => {
    const kept = await updateCheckout(tx, { id: payment.id, reference, checkout })
    // It was superseded, or given up, while it was opened.
    if (kept.status === 'failed') await addJob(tx, closeCheckout, { paymentId: payment.id })
    return kept
  })
}
