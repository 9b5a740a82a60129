import { Webhook } from 'standardwebhooks'
import { signBody } from '../payments/index.ts'
import { keyOfSecret } from './rules.ts'

/**
 * The headers that say who sent a message and when: those of Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), and the one that the payment simulator
 * sends, whose key is the secret as it is written. With two secrets each has two signatures, the newer first.
 */
export function signMessage(
  message: { id: string; body: Buffer; at: Date },
  secrets: readonly string[],
): Record<string, string> {
  const { id, body, at } = message
  const standard = secrets.map((secret) => {
    const key = keyOfSecret(secret)
    if (!key) throw new Error('A secret was kept that is none.')
    return new Webhook(key, { format: 'raw' }).sign(id, at, body.toString())
  })
  const [first = '', ...more] = secrets.map((secret) => signBody(body, secret, at))
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': standard.join(' '),
    'x-lectern-signature': [first, ...more.map((signature) => signature.replace(/^t=\d+,/, ''))].join(','),
  }
}
