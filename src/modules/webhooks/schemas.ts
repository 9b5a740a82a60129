import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

const Url = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: 'Where to post to. HTTPS; a public address, unless WEBHOOKS_ALLOW_PRIVATE is on.',
  examples: ['https://crm.example.org/lectern'],
})
const Events = Type.Array(Type.String({ maxLength: 100 }), {
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
  description: 'Types (`payment.captured`), families (`payment.*`) or everything (`*`).',
  examples: [['enrollment.activated', 'payment.*']],
})
const Secret = Type.String({
  minLength: 8,
  maxLength: 200,
  pattern: '^[!-~]*$',
  description:
    'Signs what is sent. Best left out: one is made then. One that begins with `whsec_` has 24 to 64 bytes in base64 behind it; any other is used as it stands.',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
})
const Description = Type.String({ maxLength: 500, examples: ['Tells the CRM who bought what'] })

const fields = {
  id: Id,
  url: Type.String(),
  events: Type.Array(Type.String()),
  description: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  disabledReason: Type.Optional(
    Type.Enum(['admin', 'gone', 'failing'], {
      description: '`gone`: the receiver answered 410; `failing`: nothing got through for three days.',
    }),
  ),
  disabledAt: Type.Optional(Time),
  failingSince: Type.Optional(
    Type.Unsafe<Date>({ ...Time, description: 'Nothing got through since; absent while it works.' }),
  ),
  oldSecretUntil: Type.Optional(
    Type.Unsafe<Date>({ ...Time, description: 'The secret before this one signs too, until then.' }),
  ),
  createdAt: Time,
  updatedAt: Time,
}

export const Webhook = Type.Object(fields)
export type Webhook = Static<typeof Webhook>
export const WebhookList = Page(Webhook)
export const WebhookWithSecret = Type.Object({
  ...fields,
  secret: Type.String({ description: 'Shown this once.' }),
})

export const NewWebhook = Closed({
  url: Url,
  events: Events,
  secret: Type.Optional(Secret),
  description: Type.Optional(Description),
})
export type NewWebhook = Static<typeof NewWebhook>

export const WebhookChange = Closed(
  {
    url: Type.Optional(Url),
    events: Type.Optional(Events),
    description: Type.Optional(Type.Union([Description, Type.Null()])),
    enabled: Type.Optional(
      Type.Boolean({ description: 'While it is false nothing is kept for it; what waits counts as failed.' }),
    ),
  },
  { minProperties: 1 },
)
export type WebhookChange = Static<typeof WebhookChange>

export const SecretRotation = Type.Optional(
  Type.Union([Closed({ secret: Type.Optional(Secret) }), Type.Null()]),
)
