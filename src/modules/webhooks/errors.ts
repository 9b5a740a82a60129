import type { RefusalKind } from '../../platform/http/refusal.ts'

export const webhookLimit: RefusalKind = {
  status: 409,
  code: 'webhook_limit',
  title: 'There are as many webhooks as there may be. Delete one first.',
}
export const webhookDisabled: RefusalKind = {
  status: 409,
  code: 'webhook_disabled',
  title: 'This webhook is disabled. Enable it first.',
}
