import type { Deps } from '../../platform/deps.ts'
import { newId } from '../../platform/ids.ts'
import type { Money } from '../../platform/money.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { actorFor, makeCourse } from '../catalogue/factory.ts'
import type { GatewayName } from './gateway.ts'
import { findPayment, type PaymentRow, updateCheckout } from './queries.ts'
import { recordPayment } from './record-payment.ts'
import { settleEvent } from './settle-event.ts'
import { simulatorReference } from './simulator.ts'
import { signBody } from './simulator-signature.ts'
import { takeEvent } from './take-event.ts'

/** For tests: a payment of a person for a course, pending unless asked otherwise. */
export async function makePayment(
  deps: Deps,
  wish: {
    student?: Person
    courseId?: string
    price?: Money
    gateway?: GatewayName
    captured?: boolean
  } = {},
): Promise<{ payment: PaymentRow; student: Person }> {
  const { price = { amount: 49_900, currency: 'INR' }, gateway = 'simulator' } = wish
  const student = wish.student ?? (await makePerson(deps))
  const courseId = wish.courseId ?? (await makeCourse(deps, { price })).id
  const actor = actorFor(student, deps)
  const chosen = { name: gateway, objectionTo: () => null }
  const { payment } = await deps.transact((tx) => recordPayment(tx, actor, { courseId, gateway: chosen }))
  const { id } = payment
  const reference = simulatorReference(id)
  const checkout = { type: 'redirect', url: `${deps.config.publicUrl}/pay/${id}` } as const
  await deps.transact((tx) => updateCheckout(tx, { id, reference, checkout }))
  if (wish.captured) {
    const { amount, currency } = payment
    const money = { captureReference: reference, amount: { amount, currency } }
    const event = { id: `evt_${newId()}`, paymentId: id, reference, kind: 'captured', ...money } as const
    const cause = { userId: null, at: deps.clock.now() }
    await deps.transact(async (tx) => {
      const inboxId = await takeEvent(tx, cause, { gateway, event })
      if (inboxId) await settleEvent(tx, cause, inboxId)
    })
  }
  return { payment: (await findPayment(deps.db, id)) ?? payment, student }
}

/** For tests: a webhook of the simulator, signed as it signs; anything may be other than it should be. */
export function simulatorWebhook(
  deps: Deps,
  wish: { paymentId: string; amount?: Money; type?: string; id?: string; secret?: string; at?: Date },
): { body: string; headers: Record<string, string> } {
  const { paymentId, amount = { amount: 49_900, currency: 'INR' }, type = 'payment.captured' } = wish
  const { id = `evt_${newId()}`, secret = deps.config.simulator.secret, at = deps.clock.now() } = wish
  const body = JSON.stringify({ id, type, data: { paymentId, ...amount } })
  const signature = signBody(Buffer.from(body), secret, at)
  return { body, headers: { 'content-type': 'application/json', 'x-lectern-signature': signature } }
}
