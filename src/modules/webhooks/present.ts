import type { AttemptRow, DeliveryRow } from './delivery-queries.ts'
import type { Delivery } from './delivery-schemas.ts'
import type { EndpointRow } from './endpoint-queries.ts'
import type { Webhook } from './schemas.ts'

/** @param at the present: a secret that has ceased to sign is not told of */
export function presentWebhook(row: EndpointRow, at: Date): Webhook {
  const { disabled_at, disabled_reason, failing_since, old_secret_until } = row
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    ...(row.description === null ? {} : { description: row.description }),
    enabled: disabled_at === null,
    ...(disabled_reason === null ? {} : { disabledReason: disabled_reason }),
    ...(disabled_at === null ? {} : { disabledAt: disabled_at }),
    ...(failing_since === null ? {} : { failingSince: failing_since }),
    ...(old_secret_until === null || old_secret_until <= at ? {} : { oldSecretUntil: old_secret_until }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** @param attempts of this and of other deliveries, newest first */
export function presentDelivery(row: DeliveryRow, attempts: readonly AttemptRow[]): Delivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    type: row.type,
    occurredAt: row.occurred_at,
    data: row.data,
    status: row.status,
    attemptCount: row.attempts,
    attempts: attempts.filter(({ delivery_id }) => delivery_id === row.id).map(presentAttempt),
    ...(row.next_attempt_at === null ? {} : { nextAttemptAt: row.next_attempt_at }),
    ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
    createdAt: row.created_at,
  }
}

function presentAttempt({ number, at, duration_ms, status_code, error, answer }: AttemptRow) {
  return {
    number,
    at,
    durationMs: duration_ms,
    ...(status_code === null ? {} : { statusCode: status_code }),
    ...(error === null ? {} : { error }),
    ...(answer === null ? {} : { answer }),
  }
}
