import { on, type Subscriber } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { updateAnswersAsErased } from './delivery-queries.ts'
import { findListening } from './endpoint-queries.ts'
import { publicData, publicEvents } from './event-types.ts'
import { webhookDisabledEvent } from './events.ts'
import { handOver } from './hand-over.ts'
import { filtersFor } from './rules.ts'
import { tellAdmins } from './tell-admins.ts'

export const webhookSubscribers: readonly Subscriber[] = [
  ...publicEvents.map(
    (event): Subscriber => ({
      name: `webhooks.${event.type}`,
      type: event.type,
      isAwaited: async (db) => (await findListening(db, filtersFor(event.type))).length > 0,
      react: (tx, { id: eventId, at: occurredAt, payload }, { clock }) =>
        handOver(
          tx,
          { at: clock.now() },
          { eventId, type: event.type, occurredAt, data: publicData(event, payload) },
        ),
    }),
  ),
  on(webhookDisabledEvent, 'webhooks.tell-admins', tellAdmins),
  on(userDeleted, 'webhooks.erase-answers', (tx, { payload }) => updateAnswersAsErased(tx, payload.userId)),
]
