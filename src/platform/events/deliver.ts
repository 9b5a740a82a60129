import { sql } from 'kysely'
import { Type } from 'typebox'
import { prepare } from '../database/prepared.ts'
import { defineJob, handle, type JobHandler } from '../jobs/jobs.ts'
import type { Fact, Subscriber } from './events.ts'
import { deliverEvent, handOn } from './hand-on.ts'

/** How events were handed on before they waited in a table of their own: what an older process or a backup has of it is still done. */
const dispatchEvent = defineJob('dispatch-event', Type.Object({ eventId: Type.String() }))

/** The jobs that bring an event to its subscribers. */
export function eventJobs(subscribers: readonly Subscriber[]): JobHandler[] {
  const dispatch = handle(dispatchEvent, ({ transact }, { eventId }) =>
    transact(async (tx) => {
      const event = await tx
        .selectFrom('events')
        .select(['id as event_id', 'type'])
        .where('id', '=', eventId)
        .executeTakeFirstOrThrow()
      await handOn(tx, subscribers, [event])
    }),
  )

  const deliver = handle(deliverEvent, async (deps, { eventId, subscriber: name }) => {
    const subscriber = subscribers.find((candidate) => candidate.name === name)
    if (!subscriber) throw new Error(`No subscriber is named ${name}: it was renamed or removed.`)
    await deps.transact(async (tx) => {
      const [fact] = await claimFact(tx, { eventId, subscriber: name, at: deps.clock.now() })
      if (fact) await subscriber.react(tx, fact, deps)
    })
  })

  return [dispatch, deliver]
}

/** The fact, for whoever is the first to claim it for a subscriber; nothing for all others. */
const claimFact = prepare<{ eventId: string; subscriber: string; at: Date }, Fact>(
  ({ eventId, subscriber, at }) => sql`
    with claimed as (
      insert into event_deliveries (event_id, subscriber, delivered_at) values (${eventId}, ${subscriber}, ${at})
      on conflict do nothing returning event_id
    )
    select id, type, user_id as "userId", occurred_at as at, payload from events where id = (select event_id from claimed)`,
)
