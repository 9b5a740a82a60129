import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

export const DeliveryStatus = Type.Enum(['pending', 'delivered', 'failed'])

const Attempt = Type.Object({
  number: Type.Integer(),
  at: Time,
  durationMs: Type.Integer(),
  statusCode: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.String({ description: 'Why there was no answer.' })),
  answer: Type.Optional(Type.String({ description: 'The first KB of the body of the answer.' })),
})

export const Delivery = Type.Object({
  id: Id,
  endpointId: Id,
  eventId: Type.String({ ...Id, description: 'The header `webhook-id`, at every attempt.' }),
  type: Type.String({ examples: ['enrollment.activated'] }),
  occurredAt: Time,
  data: Type.Unknown({ description: 'As it is sent.' }),
  status: DeliveryStatus,
  attemptCount: Type.Integer(),
  attempts: Type.Array(Attempt, { description: 'The last 20, newest first.' }),
  nextAttemptAt: Type.Optional(Time),
  deliveredAt: Type.Optional(Time),
  createdAt: Time,
})
export type Delivery = Static<typeof Delivery>
export const DeliveryList = Page(Delivery)

export const Replay = Closed({
  since: Type.String({
    format: 'date-time',
    maxLength: 40,
    description: 'All that failed of what was handed over from this moment on.',
    examples: ['2026-01-31T09:30:00.000Z'],
  }),
})
export const Replayed = Type.Object({ replayed: Type.Integer() })
