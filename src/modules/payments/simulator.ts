import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Deps } from '../../platform/deps.ts'
import { badField, refuse } from '../../platform/http/refusal.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'
import { invalidSignature } from './errors.ts'
import type { Gateway, GatewayEvent } from './gateway.ts'
import { findSimulated, insertSimulatedRefund } from './simulator-queries.ts'
import { isSignatureOf } from './simulator-signature.ts'

export const signatureHeader = 'x-lectern-signature'

/** What the simulator sends, as `docs/payments.md` tells it. */
const SimulatorMessage = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  type: Type.String(),
  data: Type.Object({ paymentId: Id, ...MoneySchema.properties }),
})
export type SimulatorMessage = Static<typeof SimulatorMessage>
const shape = Compile(SimulatorMessage)

/** The simulator's own name of a checkout, and of the money that came by it. */
export const simulatorReference = (paymentId: string) => `sim_${paymentId}`

/** A gateway that takes no money. What it keeps of its own is in tables of ours, since it has no other place. */
export function createSimulator({ config, db, transact }: Deps): Gateway {
  return {
    name: 'simulator',
    publicKey: null,
    objectionTo: () => null,
    async open({ paymentId }) {
      const url = `${config.publicUrl}/pay/${paymentId}`
      return { reference: simulatorReference(paymentId), checkout: { type: 'redirect', url } }
    },
    readWebhook(rawBody, headers, at) {
      if (!isSignatureOf(headers[signatureHeader], rawBody, config.simulator.secret, at))
        throw refuse(invalidSignature)
      return translate(parse(rawBody))
    },
    async ask({ paymentId }) {
      const said = await findSimulated(db, paymentId)
      if (!said) return { status: 'pending' }
      if (said.outcome === 'declined') return { status: 'failed', reason: 'declined' }
      const { amount, currency, refunded } = said
      const captured = {
        captureReference: simulatorReference(paymentId),
        amount: { amount, currency },
        refundedInAll: { amount: refunded, currency },
      }
      return { status: 'captured', captures: [captured] }
    },
    async refund({ refundId, paymentId, amount: { amount } }) {
      await transact((tx) => insertSimulatedRefund(tx, { id: refundId, payment_id: paymentId, amount }))
    },
  }
}

function parse(rawBody: Buffer): SimulatorMessage {
  let message: unknown
  try {
    message = JSON.parse(rawBody.toString('utf8'))
  } catch {
    throw badField('', 'is not JSON')
  }
  if (!shape.Check(message)) throw badField('', 'is not a message of the simulator')
  return message
}

function translate({ id, type, data }: SimulatorMessage): GatewayEvent {
  const { paymentId, amount, currency } = data
  const reference = simulatorReference(paymentId)
  const fact = { id, paymentId, reference }
  if (type === 'payment.captured')
    return { ...fact, kind: 'captured', captureReference: reference, amount: { amount, currency } }
  if (type === 'payment.failed') return { ...fact, kind: 'failed', reason: 'declined' }
  return { ...fact, kind: 'other' }
}
