import fc from 'fast-check'
import { expect } from 'vitest'
import type { CheckoutRequest, GatewayEvent } from '../../src/modules/payments/gateway.ts'
import { Refusal } from '../../src/platform/http/refusal.ts'
import { newId } from '../../src/platform/ids.ts'
import type { SignedWebhook } from './fake-stripe.ts'

/** A payment that a gateway is asked to open a checkout for. */
export function checkoutRequest(other: Partial<CheckoutRequest> = {}): CheckoutRequest {
  return {
    paymentId: newId(),
    amount: { amount: 49_900, currency: 'INR' },
    title: 'Bread at home',
    email: 'asha@example.org',
    successUrl: 'https://school.test/paid',
    cancelUrl: 'https://school.test/course',
    ...other,
  }
}

/** Matches a refusal of this kind. */
export const refusal = (kind: unknown) => expect.objectContaining({ kind })

const kinds = ['captured', 'failed', 'refunded', 'other']

/** Whatever a gateway signs is read as an event or refused with a 400: its own messages with any fields changed, and any text. */
export function holdWhateverIsSigned(options: {
  read: (webhook: SignedWebhook) => GatewayEvent
  types: string[]
  fields: string[]
  webhook: (type: string, change: Record<string, unknown>) => SignedWebhook
  sign: (body: string) => SignedWebhook
}): void {
  const { read, types, fields, webhook, sign } = options
  const survives = (signed: SignedWebhook) => {
    try {
      const event = read(signed)
      return typeof event.id === 'string' && kinds.includes(event.kind)
    } catch (error) {
      return error instanceof Refusal && error.kind.status === 400
    }
  }
  const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.constant('INR'))
  const change = fc.dictionary(fc.constantFrom(...fields), value)
  const body = fc.oneof(
    fc.jsonValue().map((json) => JSON.stringify(json)),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.constantFrom(...types), change, (type, changed) => survives(webhook(type, changed))),
  )
  fc.assert(fc.property(body, (text) => survives(sign(text))))
}
