import type { Db } from '../../platform/database/database.ts'
import { on, type Subscriber } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { updateAnswersAsErased } from './delivery-queries.ts'
import { findFilters } from './endpoint-queries.ts'
import { publicData, publicEvents } from './event-types.ts'
import { webhookDisabledEvent } from './events.ts'
import { handOver } from './hand-over.ts'
import { filtersFor } from './rules.ts'
import { tellAdmins } from './tell-admins.ts'

/** Most schools have no endpoint, or one that hears of little. */
async function findAwaited(db: Db, types: readonly string[]): Promise<ReadonlySet<string>> {
  const filters = new Set(await findFilters(db))
  return new Set(types.filter((type) => filtersFor(type).some((filter) => filters.has(filter))))
}

export const webhookSubscribers: readonly Subscriber[] = [
  ...publicEvents.map(
    (event): Subscriber => ({
      name: `webhooks.${event.type}`,
      type: event.type,
      findAwaited,
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
