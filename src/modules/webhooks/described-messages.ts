import type { OutgoingMessage } from '../../platform/http/openapi.ts'
import { messageOf, publicEvents, testEvent } from './event-types.ts'

/** What is sent, for the API reference. */
export const describedMessages: readonly OutgoingMessage[] = [...publicEvents, testEvent].map((event) => ({
  name: event.type,
  summary: `${event.type}: ${event.says}`,
  description:
    'Sent to each webhook that listens to it, at least once. `webhook-id` is the same at every attempt, and is the `id` of the body.',
  body: messageOf(event),
}))
