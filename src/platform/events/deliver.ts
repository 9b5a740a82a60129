import { Type } from 'typebox'
import type { Db } from '../database/database.ts'
import { defineJob, handle, type JobHandler } from '../jobs/jobs.ts'
import type { Fact, Subscriber } from './events.ts'
import { deliverEvent, handOn } from './hand-on.ts'

/** How events were handed on before they waited in a table of their own: what an older process or a backup has of it is still done. */
const dispatchEvent = defineJob('dispatch-event', Type.Object({ eventId: Type.String() }))

/** The jobs that bring an event to its subscribers. */
export function eventJobs(subscribers: readonly Subscriber[]): JobHandler[] {
  const dispatch = handle(dispatchEvent, ({ transact }, { eventId }) =>
    transact(async (tx) => {
      const { type } = await findFact(tx, eventId)
      await handOn(tx, subscribers, [{ event_id: eventId, type }])
    }),
  )

  const deliver = handle(deliverEvent, async (deps, { eventId, subscriber: name }) => {
    const subscriber = subscribers.find((candidate) => candidate.name === name)
    if (!subscriber) throw new Error(`No subscriber is named ${name}: it was renamed or removed.`)
    await deps.transact(async (tx) => {
      const claimed = await tx
        .insertInto('event_deliveries')
        .values({ event_id: eventId, subscriber: name, delivered_at: deps.clock.now() })
        .onConflict((conflict) => conflict.doNothing())
        .returning('event_id')
        .executeTakeFirst()
      if (claimed) await subscriber.react(tx, await findFact(tx, eventId), deps)
    })
  })

  return [dispatch, deliver]
}

async function findFact(db: Db, id: string): Promise<Fact> {
  const row = await db
    .selectFrom('events')
    .select(['id', 'type', 'user_id', 'occurred_at', 'payload'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { id: row.id, type: row.type, userId: row.user_id, at: row.occurred_at, payload: row.payload }
}
