import { type RawBuilder, sql } from 'kysely'
import { type Static, type TSchema, Type } from 'typebox'
import type { Cause } from '../actor.ts'
import type { Tx } from '../database/database.ts'
import type { Deps } from '../deps.ts'
import { newId } from '../ids.ts'
import { defineJob } from '../jobs/jobs.ts'

/** A kind of fact, named in the past tense (`course.published`), with the shape of its payload. */
export interface EventType<Payload extends TSchema = TSchema> {
  readonly type: string
  readonly payload: Payload
}

/** An event as its subscribers get it. */
export interface Fact<Payload = unknown> extends Cause {
  readonly id: string
  readonly type: string
  readonly payload: Payload
}

/** A reaction to an event. It runs once per event: its writes commit together with the record of the delivery. */
export interface Subscriber {
  readonly name: string
  readonly type: string
  react(tx: Tx, fact: Fact, deps: Deps): Promise<void>
}

export function defineEvent<Payload extends TSchema>(type: string, payload: Payload): EventType<Payload> {
  return { type, payload }
}

/**
 * Subscribes a use case to an event.
 * @param name unique for ever (`notifications.welcome`): deliveries are recorded under it
 */
export function on<Payload extends TSchema>(
  event: EventType<Payload>,
  name: string,
  react: (tx: Tx, fact: Fact<Static<Payload>>, deps: Deps) => Promise<void>,
): Subscriber {
  return { name, type: event.type, react: (tx, fact, deps) => react(tx, fact as Fact<Static<Payload>>, deps) }
}

/** Hands an event to its subscribers: one `deliver-event` job each, so that one that fails holds up no other. */
export const dispatchEvent = defineJob('dispatch-event', Type.Object({ eventId: Type.String() }))

/**
 * States a fact in the transaction that made it true, and queues its deliveries with it.
 * @param cause who did it and when
 * @returns the event's id
 */
export async function publish<Payload extends TSchema>(
  tx: Tx,
  event: EventType<Payload>,
  payload: Static<Payload>,
  cause: Cause,
): Promise<string> {
  const id = newId()
  await sql`
    with fact as (
      insert into events (id, type, user_id, occurred_at, payload)
      values (${id}, ${event.type}, ${cause.userId}, ${cause.at}, ${JSON.stringify(payload)}::jsonb)
      returning id
    )
    select graphile_worker.add_job(${dispatchEvent.name}, json_build_object('eventId', fact.id),
      max_attempts => ${dispatchEvent.maxAttempts}) from fact`.execute(tx)
  return id
}

/** States many facts of one kind, in one statement. */
export async function publishAll<Payload extends TSchema>(
  tx: Tx,
  event: EventType<Payload>,
  payloads: readonly Static<Payload>[],
  cause: Cause,
): Promise<void> {
  if (payloads.length === 0) return
  const ids = payloads.map(newId)
  await sql`
    with fact as (
      insert into events (id, type, user_id, occurred_at, payload)
      select made.id, ${event.type}, ${cause.userId}::uuid, ${cause.at}::timestamptz, made.payload::jsonb
      from unnest(${ids}::uuid[], ${payloads.map((payload) => JSON.stringify(payload))}::text[]) as made (id, payload)
      returning id
    )
    select count(*) from graphile_worker.add_jobs((
      select array_agg(row(${dispatchEvent.name}::text, json_build_object('eventId', fact.id), null::text, null::timestamptz,
        ${dispatchEvent.maxAttempts}::integer, null::text, null::integer, null::text[])::graphile_worker.job_spec)
      from fact))`.execute(tx)
}

/** The events of a type that a subscriber has not taken yet, to select from: `id`, `payload`. */
export function undelivered({ type }: EventType, subscriber: string): RawBuilder<unknown> {
  return sql`(
    select id, payload from events where type = ${type} and not exists (
      select from event_deliveries where event_id = events.id and subscriber = ${subscriber}))`
}
