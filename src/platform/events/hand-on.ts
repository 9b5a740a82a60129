import { sql } from 'kysely'
import { Type } from 'typebox'
import type { Db, Transact, Tx } from '../database/database.ts'
import { prepare } from '../database/prepared.ts'
import { addJobs, defineJob } from '../jobs/jobs.ts'
import type { Subscriber } from './events.ts'

/** Brings an event to one of its subscribers, so that one that fails holds up no other. */
export const deliverEvent = defineJob(
  'deliver-event',
  Type.Object({ eventId: Type.String(), subscriber: Type.String() }),
)

interface WaitingEvent {
  readonly event_id: string
  readonly type: string
}

/** So many at a time, that no transaction takes long. */
const most = 500

/** Whoever else takes some at this moment takes others. */
const takeWaiting = prepare<{ limit: number }, WaitingEvent>(
  ({ limit }) => sql`
    delete from waiting_events where event_id = any (array(
      select event_id from waiting_events order by event_id limit ${limit} for update skip locked))
    returning event_id, type`,
)

/**
 * Hands on the events that wait, the oldest first: queues a delivery to each subscriber that would do anything with it. Taken and queued in
 * one transaction, each is handed on once, and waits again where that breaks off.
 * @returns how many: none where no more wait, but for those that somebody else has in hand
 */
export async function handOnWaiting(transact: Transact, subscribers: readonly Subscriber[]): Promise<number> {
  for (let handedOn = 0; ; ) {
    const taken = await transact(async (tx) => {
      const events = await takeWaiting(tx, { limit: most })
      await handOn(
        tx,
        subscribers,
        events.toSorted((one, other) => (one.event_id < other.event_id ? -1 : 1)),
      )
      return events.length
    })
    handedOn += taken
    if (taken < most) return handedOn
  }
}

export async function handOn(
  tx: Tx,
  subscribers: readonly Subscriber[],
  events: readonly WaitingEvent[],
): Promise<void> {
  if (events.length === 0) return
  const types = new Set(events.map(({ type }) => type))
  const hearing = subscribers.filter(({ type }) => types.has(type))
  const awaiting = await findAwaiting(tx, hearing)
  const deliveries = events.flatMap(({ event_id: eventId, type }) =>
    awaiting
      .filter((subscriber) => subscriber.type === type)
      .map(({ name: subscriber }) => ({ eventId, subscriber })),
  )
  await addJobs(tx, deliverEvent, deliveries)
}

/** Those that would do anything with facts of their type. */
async function findAwaiting(db: Db, subscribers: readonly Subscriber[]): Promise<Subscriber[]> {
  const awaited = new Map<Subscriber['findAwaited'], ReadonlySet<string>>()
  for (const [find, asked] of Map.groupBy(subscribers, ({ findAwaited }) => findAwaited)) {
    const types = asked.map(({ type }) => type)
    awaited.set(find, (await find?.(db, types)) ?? new Set(types))
  }
  return subscribers.filter(({ findAwaited, type }) => awaited.get(findAwaited)?.has(type))
}
