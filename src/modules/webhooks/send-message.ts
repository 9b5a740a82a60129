import type { Deps } from '../../platform/deps.ts'
import { type PostOutcome, postOutside } from '../../platform/outbound/post.ts'
import type { DeliveryRow } from './delivery-queries.ts'
import type { EndpointRow } from './endpoint-queries.ts'
import type { Message } from './event-types.ts'
import { openSecret } from './secrets.ts'
import { signMessage } from './sign-message.ts'

const timeoutMs = 15_000
const answerBytes = 1_024

/** One attempt. Whoever was killed after it makes it again: the same message, under the same id. */
export async function sendMessage(
  { config, clock }: Deps,
  endpoint: EndpointRow,
  delivery: DeliveryRow,
): Promise<PostOutcome> {
  const at = clock.now()
  const { sealed_secret, sealed_old_secret, old_secret_until } = endpoint
  const sealed = [sealed_secret]
  if (sealed_old_secret && old_secret_until && old_secret_until > at) sealed.push(sealed_old_secret)
  const secrets = sealed.flatMap((one) => openSecret(one, config.accessTokenSecrets) ?? [])
  if (secrets.length === 0) return unsigned
  const { event_id: id, type, occurred_at: timestamp, data } = delivery
  const message: Message = { id, type, timestamp, data }
  const body = Buffer.from(JSON.stringify(message))
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Lectern-Webhooks',
    accept: '*/*',
    ...signMessage({ id, body, at }, secrets),
  }
  const { allowPrivate } = config.webhooks
  return postOutside({ url: endpoint.url, headers, body }, { timeoutMs, answerBytes, allowPrivate })
}

const unsigned: PostOutcome = {
  status: null,
  error: 'The secret cannot be opened any more, since ACCESS_TOKEN_SECRET is another: rotate it.',
  answer: Buffer.alloc(0),
  retryAfter: null,
  durationMs: 0,
}
