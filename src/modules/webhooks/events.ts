import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const endpoint = { endpointId: Id }

export const webhookCreated = defineEvent('webhook.created', Type.Object(endpoint))
export const webhookChanged = defineEvent(
  'webhook.changed',
  Type.Object({ ...endpoint, fields: Type.Array(Type.String()) }),
)
export const webhookDeleted = defineEvent('webhook.deleted', Type.Object(endpoint))
export const webhookSecretRotated = defineEvent('webhook.secret_rotated', Type.Object(endpoint))
/** By the program itself: it is gone, or nothing got through for days. */
export const webhookDisabledEvent = defineEvent(
  'webhook.disabled',
  Type.Object({ ...endpoint, reason: Type.String() }),
)
export const webhookTested = defineEvent('webhook.tested', Type.Object(endpoint))
export const webhookReplayed = defineEvent(
  'webhook.replayed',
  Type.Object({ ...endpoint, deliveries: Type.Integer() }),
)
