import {
  amountNotPayable,
  gatewayFailed,
  gatewayRefused,
  refundRefused,
} from '../../src/modules/payments/errors.ts'
import type { Gateway, GatewayEvent, GatewayName } from '../../src/modules/payments/gateway.ts'
import { refuse } from '../../src/platform/http/refusal.ts'
import type { Money } from '../../src/platform/money.ts'

/** Money that a gateway really took, and how much of it really went back. */
export interface TrueCapture {
  readonly gateway: GatewayName
  readonly paymentId: string
  readonly reference: string
  readonly amount: Money
  refunded: number
}

/** A gateway in memory: the outside world, with the truth about the money in it. */
export interface ScriptedGateway extends Gateway {
  /** The payments whose checkout was opened here. */
  readonly opened: Map<string, Money>
  readonly captures: TrueCapture[]
  /** Takes money, of this amount, and tells what it will send about it. */
  capture(paymentId: string, amount: Money): GatewayEvent[]
  decline(paymentId: string): GatewayEvent
  /** Gives money back at the gateway's own dashboard. */
  refundHere(capture: TrueCapture, amount: number): GatewayEvent
}

export const referenceOf = (paymentId: string) => `ref_${paymentId}`

/**
 * @param trouble may throw after a call was done: the answer is lost
 * @param refuses whether a checkout that is asked for the first time will never be opened
 * @param passes whether a refund is refused this time, and might be made the next
 */
export function scriptGateway(
  name: GatewayName,
  trouble: () => void,
  refuses: () => boolean = () => false,
  passes: () => boolean = () => false,
): ScriptedGateway {
  const opened = new Map<string, Money>()
  const captures: TrueCapture[] = []
  const refunds = new Set<string>()
  const closed = new Set<string>()
  /** What was decided of a payment when it was first asked for. */
  const refused = new Map<string, boolean>()
  let events = 0
  const factOf = (paymentId: string) => ({
    id: `evt_${++events}_${paymentId}`,
    paymentId,
    reference: referenceOf(paymentId),
  })
  const reportOf = (capture: TrueCapture): GatewayEvent => ({
    ...factOf(capture.paymentId),
    kind: 'refunded',
    captureReference: capture.reference,
    refundedInAll: { ...capture.amount, amount: capture.refunded },
  })
  async function close(reference: string): Promise<void> {
    trouble()
    const [paymentId] = [...opened.keys()].filter((id) => referenceOf(id) === reference)
    if (paymentId === undefined) return
    closed.add(paymentId)
    opened.delete(paymentId)
    trouble()
  }
  return {
    name,
    publicKey: null,
    objectionTo: () => null,
    opened,
    captures,
    async open({ paymentId, amount }) {
      if (!refused.has(paymentId)) refused.set(paymentId, refuses())
      if (refused.get(paymentId)) throw refuse(name === 'stripe' ? amountNotPayable : gatewayRefused)
      if (!closed.has(paymentId)) opened.set(paymentId, amount)
      trouble()
      return { reference: referenceOf(paymentId), checkout: { type: 'redirect', url: 'https://pay.test' } }
    },
    readWebhook() {
      throw new Error('the proof delivers events that are read already')
    },
    async ask({ paymentId }) {
      trouble()
      const own = captures.filter((capture) => capture.paymentId === paymentId)
      // As at Stripe: a session that has ended; the orders of Razorpay stay open.
      if (own.length === 0 && closed.has(paymentId)) return { status: 'failed', reason: 'expired' }
      if (own.length === 0) return { status: 'pending' }
      const told = own.map(({ reference: captureReference, amount, refunded }) => ({
        captureReference,
        amount,
        refundedInAll: { ...amount, amount: refunded },
      }))
      return { status: 'captured', captures: told }
    },
    // As at Stripe; the orders of Razorpay stay open.
    ...(name === 'stripe' ? { close } : {}),
    async refund({ refundId, captureReference, amount }) {
      trouble()
      const capture = captures.find(({ reference }) => reference === captureReference)
      if (!refunds.has(refundId)) {
        // no balance, another operation under way
        if (passes()) throw refuse(gatewayFailed)
        if (!capture || capture.refunded + amount.amount > capture.amount.amount) throw refuse(refundRefused)
        refunds.add(refundId)
        capture.refunded += amount.amount
      }
      trouble()
    },
    capture(paymentId, amount) {
      const reference = `cap_${++events}_${paymentId}`
      // One unit short of a single unit is nothing, though it is told like any other.
      if (amount.amount > 0) captures.push({ gateway: name, paymentId, reference, amount, refunded: 0 })
      const told = { kind: 'captured', captureReference: reference, amount } as const
      // Two kinds of message about the same money, as Razorpay's payment.captured and order.paid.
      return [
        { ...factOf(paymentId), ...told },
        { ...factOf(paymentId), ...told, paymentId: null },
      ]
    },
    decline: (paymentId) => ({ ...factOf(paymentId), kind: 'failed', reason: 'declined' }),
    refundHere(capture, amount) {
      capture.refunded += amount
      return reportOf(capture)
    },
  }
}
