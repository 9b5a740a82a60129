import { Type } from 'typebox'
import { type AuditRule, defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const endpoint = { endpointId: Id }
const audit: AuditRule<'endpointId'> = { when: 'always', subject: 'webhook', ids: ['endpointId'] }

/** Where to and what of, as it is from then on; the rest of the address may be a secret. */
const aim = { host: Type.String(), events: Type.Array(Type.String()) }

export const webhookCreated = defineUnheardEvent(
  'webhook.created',
  Type.Object({ ...endpoint, ...aim }),
  audit,
)
export const webhookChanged = defineUnheardEvent(
  'webhook.changed',
  Type.Object({ ...endpoint, ...aim, fields: Type.Array(Type.String()) }),
  audit,
)
export const webhookDeleted = defineUnheardEvent('webhook.deleted', Type.Object(endpoint), audit)
export const webhookSecretRotated = defineUnheardEvent('webhook.secret_rotated', Type.Object(endpoint), audit)
/** By the program itself: it is gone, or nothing got through for days. */
export const webhookDisabledEvent = defineEvent(
  'webhook.disabled',
  Type.Object({ ...endpoint, reason: Type.String() }),
  audit,
)
export const webhookTested = defineUnheardEvent('webhook.tested', Type.Object(endpoint), audit)
export const webhookReplayed = defineUnheardEvent(
  'webhook.replayed',
  Type.Object({ ...endpoint, deliveries: Type.Integer() }),
  audit,
)
