import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { Id } from '../../platform/ids.ts'
import { addJob, defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { closeCheckout } from './close-checkout.ts'
import { deliverSimulated } from './deliver-simulated.ts'
import { failPayment } from './fail-payment.ts'
import { gatewayNamed, isGatewayName } from './gateways.ts'
import { closeOpenEvents, findOpenEvents } from './inbox-queries.ts'
import { logOutcome } from './log-outcome.ts'
import { isFinal, openCheckout } from './open-checkout.ts'
import { findPayment, lockPayment, type PaymentRow } from './queries.ts'
import { readAnswer } from './read-answer.ts'
import { findDue, findOverdue, updateDue } from './reconcile-queries.ts'
import { carryOutRefund } from './refund-jobs.ts'
import { takeDueRefunds } from './refund-queries.ts'
import { queueRefund, sendRefund } from './send-refund.ts'
import { settleEvent } from './settle-event.ts'
import { sendSimulated } from './simulate-outcome.ts'
import { settle, takeEvent } from './take-event.ts'

/** Looks for what messages did not tell. */
export const reconcile = defineJob('payments.reconcile', Type.Object({}))
const ask = defineJob('payments.ask', Type.Object({ paymentId: Id }), 5)

const minuteMs = 60_000
const dayMs = 86_400_000
const atOnce = 500
const systemAt = (at: Date) => ({ userId: null, at })

export const paymentJobs: readonly JobHandler[] = [
  handle(settle, async ({ transact, clock, log }, { inboxId }) => {
    logOutcome(log, inboxId, await transact((tx) => settleEvent(tx, systemAt(clock.now()), inboxId)))
  }),
  handle(sendRefund, carryOutRefund),
  handle(sendSimulated, deliverSimulated),
  handle(ask, runAsk),
  handle(closeCheckout, runClose),
  handle(reconcile, runReconcile),
]

export const paymentSchedules: readonly Schedule[] = [{ job: reconcile, cron: '*/2 * * * *' }]

/** Asks a gateway how a payment stands, and takes the answer as an event. */
async function runAsk(deps: Deps, { paymentId }: { paymentId: string }): Promise<void> {
  const { db, transact, clock } = deps
  const payment = await findPayment(db, paymentId)
  if (!payment || !isGatewayName(payment.gateway)) return
  const { gateway } = payment
  const reference = await findReference(deps, payment)
  if (reference === null) return
  const answer = await gatewayNamed(deps, gateway).ask({ paymentId, reference })
  await transact(async (tx) => {
    for (const event of readAnswer({ paymentId, reference }, answer))
      await takeEvent(tx, systemAt(clock.now()), { gateway, event })
  })
}

/** The gateway may have opened a checkout that we never heard of: asked again for the same payment, it names it. */
async function findReference(deps: Deps, payment: PaymentRow): Promise<string | null> {
  if (payment.reference !== null) return payment.reference
  try {
    return (await openCheckout(deps, payment)).reference
  } catch (error) {
    if (isFinal(error)) return null
    throw error
  }
}

/** Where the gateway can: nobody is to pay in a window that was left open. */
async function runClose(deps: Deps, { paymentId }: { paymentId: string }): Promise<void> {
  const payment = await findPayment(deps.db, paymentId)
  if (payment?.status !== 'failed' || payment.reference === null) return
  await gatewayNamed(deps, payment.gateway).close?.(payment.reference)
}

async function runReconcile({ db, transact, clock, log }: Deps): Promise<void> {
  const cause = systemAt(clock.now())
  const ago = (ms: number) => new Date(cause.at.getTime() - ms)
  const due = await findDue(db, { at: cause.at, limit: atOnce })
  const givenUp = await transact((tx) => closeOpenEvents(tx, ago(7 * dayMs), cause))
  if (givenUp > 0) log.error({ events: givenUp }, 'nothing became of what gateways told a week ago')
  const open = await findOpenEvents(db, { before: ago(2 * minuteMs), limit: atOnce })
  await transact(async (tx) => {
    await updateDue(tx, due, cause.at)
    for (const paymentId of due) await addJob(tx, ask, { paymentId }, { key: `payments.ask:${paymentId}` })
    for (const inboxId of open) await addJob(tx, settle, { inboxId }, { key: `payments.settle:${inboxId}` })
    for (const refundId of await takeDueRefunds(tx, { at: cause.at, limit: atOnce }))
      await queueRefund(tx, refundId)
  })
  // An hour more than an enrollment waits, so that the gateway was asked again in between.
  for (const id of await findOverdue(db, { before: ago(25 * 60 * minuteMs), limit: atOnce })) {
    await transact(async (tx) => {
      const found = await findPayment(tx, id)
      if (found) await failPayment(tx, cause, { payment: await lockPayment(tx, found), reason: 'expired' })
    })
  }
}
