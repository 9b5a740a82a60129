import { Type } from 'typebox'
import { type AuditRule, defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const endpoint = { endpointId: Id }
const audit: AuditRule<'endpointId'> = { when: 'always', subject: 'webhook', ids: ['endpointId'] }

/** Where to and what of, as it is from then on; the rest of the address may be a secret. */
const aim = { host: Type.String(), events: Type.Array(Type.String()) }

export const webhookCreated = defineEvent('webhook.created', Type.Object({ ...endpoint, ...aim }), audit)
export const webhookChanged = defineEvent(
  'webhook.changed',
  Type.Object({ ...endpoint, ...aim, fields: Type.Array(Type.String()) }),
  audit,
)
export const webhookDeleted = defineEvent('webhook.deleted', Type.Object(endpoint), audit)
export const webhookSecretRotated = defineEvent('webhook.secret_rotated', Type.Object(endpoint), audit)
/** By the program itself: it is gone, or nothing got through for days. */
export const webhookDisabledEvent = defineEvent(
  'webhook.disabled',
  Type.Object({ ...endpoint, reason: Type.String() }),
  audit,
)
export const webhookTested = defineEvent('webhook.tested', Type.Object(endpoint), audit)
export const webhookReplayed = defineEvent(
  'webhook.replayed',
  Type.Object({ ...endpoint, deliveries: Type.Integer() }),
  audit,
)
