import { Type } from 'typebox'
import type { Db } from '../database/database.ts'
import { addJob, defineJob, handle, type JobHandler } from '../jobs/jobs.ts'
import { dispatchEvent, type Fact, type Subscriber } from './events.ts'

const deliverEvent = defineJob(
  'deliver-event',
  Type.Object({ eventId: Type.String(), subscriber: Type.String() }),
)

/** The two jobs between an event and its subscribers. */
export function eventJobs(subscribers: readonly Subscriber[]): JobHandler[] {
  const dispatch = handle(dispatchEvent, ({ transact }, { eventId }) =>
    transact(async (tx) => {
      const fact = await findFact(tx, eventId)
      for (const subscriber of subscribers.filter(({ type }) => type === fact.type)) {
        if ((await subscriber.isAwaited?.(tx, fact.type)) ?? true)
          await addJob(tx, deliverEvent, { eventId, subscriber: subscriber.name })
      }
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
