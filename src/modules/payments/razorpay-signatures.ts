import { createHmac } from 'node:crypto'
import { isSameSecret } from '../../platform/constant-time.ts'

/**
 * HMAC-SHA256 in hex, as Razorpay signs the raw body of webhooks (https://razorpay.com/docs/webhooks/validate-test) and
 * `order_id|payment_id` at the end of a checkout. Compared in constant time, which the SDK's own check is not.
 */
export function isSignedBy(secret: string, message: string | Buffer, signature: unknown): boolean {
  if (typeof signature !== 'string') return false
  return isSameSecret(signature, createHmac('sha256', secret).update(message).digest('hex'))
}
