import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import type { PostOutcome } from '../../platform/outbound/post.ts'
import {
  type DeliveryRow,
  insertAttempt,
  lockDelivery,
  updateDelivery,
  updatePendingAsFailed,
} from './delivery-queries.ts'
import { type EndpointRow, lockEndpoint, updateEndpoint } from './endpoint-queries.ts'
import { webhookDisabledEvent } from './events.ts'
import { isGone, isLost, judge, restSeconds, type Verdict } from './rules.ts'

/**
 * Notes an attempt and what follows from it, for the delivery and for the endpoint. What was deleted while it was made is not noted.
 * @returns why the endpoint is disabled by it, or null
 */
export async function recordAttempt(
  tx: Tx,
  cause: Cause,
  made: { delivery: DeliveryRow; outcome: PostOutcome; spread: number },
): Promise<{ verdict: Verdict['status']; disabled: 'gone' | 'failing' | null } | null> {
  const { outcome, spread } = made
  const { status, retryAfter, error, durationMs, answer } = outcome
  const endpoint = await lockEndpoint(tx, made.delivery.endpoint_id)
  const delivery = endpoint && (await lockDelivery(tx, { id: made.delivery.id, endpointId: endpoint.id }))
  if (!endpoint || !delivery) return null
  const number = delivery.attempts + 1
  await insertAttempt(tx, {
    delivery_id: delivery.id,
    number,
    at: cause.at,
    duration_ms: durationMs,
    status_code: status,
    error,
    answer: readable(answer),
  })
  const verdict = judge({ at: cause.at, tries: delivery.tries, status, retryAfter, spread })
  await updateDelivery(tx, delivery.id, {
    attempts: number,
    tries: delivery.tries + 1,
    status: verdict.status,
    next_attempt_at: verdict.status === 'pending' ? verdict.nextAttemptAt : null,
    delivered_at: verdict.status === 'delivered' ? cause.at : null,
  })
  const disabled = await noteHealth(tx, cause, { endpoint, verdict, status })
  return { verdict: disabled ? 'failed' : verdict.status, disabled }
}

async function noteHealth(
  tx: Tx,
  cause: Cause,
  { endpoint, verdict, status }: { endpoint: EndpointRow; verdict: Verdict; status: number | null },
): Promise<'gone' | 'failing' | null> {
  if (verdict.status === 'delivered') {
    if (endpoint.failures > 0)
      await updateEndpoint(tx, endpoint.id, { failing_since: null, failures: 0, resting_until: null })
    return null
  }
  const since = endpoint.failing_since ?? cause.at
  const failures = endpoint.failures + 1
  const rest = restSeconds(failures)
  const reason = isGone(status) ? 'gone' : isLost(since, cause.at) ? 'failing' : null
  const isEnded = reason !== null && endpoint.disabled_at === null
  await updateEndpoint(tx, endpoint.id, {
    failing_since: since,
    failures,
    resting_until: rest > 0 ? new Date(cause.at.getTime() + rest * 1_000) : null,
    ...(isEnded ? { disabled_at: cause.at, disabled_reason: reason } : {}),
  })
  if (!isEnded) return null
  await updatePendingAsFailed(tx, endpoint.id)
  await publish(tx, webhookDisabledEvent, { endpointId: endpoint.id, reason }, cause)
  return reason
}

/** As text that can be kept; null where there is none. */
function readable(answer: Buffer): string | null {
  const text = answer.toString('utf8').replaceAll('\0', '')
  return text === '' ? null : text
}
