import { type RawBuilder, sql } from 'kysely'
import type { Static, TSchema } from 'typebox'
import type { Cause } from '../actor.ts'
import type { Db, Tx } from '../database/database.ts'
import { prepare } from '../database/prepared.ts'
import { answerNotRead, statesFacts } from '../database/statements.ts'
import type { Deps } from '../deps.ts'
import { newId } from '../ids.ts'

/** A kind of fact, named in the past tense (`course.published`), with the shape of its payload. */
export interface EventType<Payload extends TSchema = TSchema> {
  readonly type: string
  readonly payload: Payload
  /** Null: it is never in the audit log. */
  readonly audit: AuditRule | null
  /** Whether somebody subscribes to it. One that nobody can hear of is stated, and waits for nobody. */
  readonly heard: boolean
}

/** A kind of fact that subscribers hear of. */
export interface HeardEvent<Payload extends TSchema = TSchema> extends EventType<Payload> {
  readonly heard: true
}

/** A kind of fact that nobody hears of. */
export interface UnheardEvent<Payload extends TSchema = TSchema> extends EventType<Payload> {
  readonly heard: false
}

/** Which of an event's kind are in the audit log, and what they are about. */
export interface AuditRule<Field extends string = string> {
  /** `always`: it changes money or a role, or is an administrative act; `by_admin`: where an admin did it, not to themselves. */
  readonly when: 'always' | 'by_admin'
  /** A word for the kind of thing, as in the API: `user`, `course`, `payment` … */
  readonly subject: string
  /** Which fields of the payload identify it: the thing's own id first, then the people it concerns; each an id or a list of them. */
  readonly ids: readonly Field[]
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
  /**
   * Of these types, those whose facts it would do anything with; the others cost no delivery. Unset: it always would. Subscribers that share
   * one are asked together.
   */
  readonly findAwaited?: (db: Db, types: readonly string[]) => Promise<ReadonlySet<string>>
  react(tx: Tx, fact: Fact, deps: Deps): Promise<void>
}

/**
 * Declares an event that has a subscriber.
 * @param audit whether it belongs into the audit log, too; where nothing is said, never
 */
export function defineEvent<Payload extends TSchema>(
  type: string,
  payload: Payload,
  audit: AuditRule<keyof Static<Payload> & string> | null = null,
): HeardEvent<Payload> {
  return { type, payload, audit, heard: true }
}

/** Declares an event that has none: it is on record, for the audit log and those who look for it, and is handed to nobody. */
export function defineUnheardEvent<Payload extends TSchema>(
  type: string,
  payload: Payload,
  audit: AuditRule<keyof Static<Payload> & string> | null = null,
): UnheardEvent<Payload> {
  return { type, payload, audit, heard: false }
}

/**
 * Subscribes a use case to an event.
 * @param name unique for ever (`notifications.welcome`): deliveries are recorded under it
 */
export function on<Payload extends TSchema>(
  event: HeardEvent<Payload>,
  name: string,
  react: (tx: Tx, fact: Fact<Static<Payload>>, deps: Deps) => Promise<void>,
): Subscriber {
  return { name, type: event.type, react: (tx, fact, deps) => react(tx, fact as Fact<Static<Payload>>, deps) }
}

/**
 * States a fact in the transaction that made it true. Where somebody hears of such facts it waits from the commit on to be handed on (`relay.ts`).
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
  const audit = auditOf(event, payload, cause)
  const stated = sql`
    insert into events (id, type, user_id, occurred_at, payload,
      audited, actor_role, request_id, address, subject_type, subjects)
    values (${id}, ${event.type}, ${cause.userId}, ${cause.at}, ${JSON.stringify(payload)}::jsonb,
      ${audit !== null}, ${audit?.role ?? null}, ${audit?.requestId ?? null}, ${audit?.address ?? null},
      ${audit?.subject ?? null}, ${audit?.subjects ?? []})`
  const waiting = sql`
    with fact as (${stated} returning id, type)
    insert into waiting_events (event_id, type) select id, type from fact ${statesFacts}`
  await sql`${event.heard ? waiting : stated} ${answerNotRead}`.execute(tx)
  return id
}

/**
 * The same as a part of another statement, which states the fact by what it writes: the parts `fact` and `waiting` of its `with`. For facts
 * that are never in the audit log.
 * @param fact.id one that is new
 * @param fact.payload as JSON
 * @param fact.when what has to be so for it to be a fact
 * @param fact.from where there may be several: what has a row for each, with the others as its columns
 */
export function stating(
  event: HeardEvent,
  fact: Readonly<Record<'id' | 'userId' | 'at' | 'payload' | 'when', RawBuilder<unknown>>> & {
    readonly from?: RawBuilder<unknown>
  },
): RawBuilder<unknown> {
  if (event.audit) throw new Error(`${event.type} belongs into the audit log: publish it`)
  return sql`fact as (
    insert into events (id, type, user_id, occurred_at, payload, audited, subjects)
    select ${fact.id}::uuid, ${sql.lit(event.type)}, ${fact.userId}::uuid, ${fact.at}::timestamptz, ${fact.payload}::jsonb, false, '{}'
    ${fact.from ? sql`from ${fact.from} ` : sql``}where ${fact.when}
    returning id, type
  ), waiting as (
    insert into waiting_events (event_id, type) select id, type from fact ${statesFacts}
  )`
}

interface Stated {
  readonly ids: readonly string[]
  readonly type: string
  readonly userId: string | null
  readonly at: Date
  readonly payloads: readonly string[]
  readonly audits: readonly string[]
}

/** Its arrays stand in subqueries, so that their lengths are no reason to plan it anew. */
const stateAll = (fact: { readonly [Name in keyof Stated]: RawBuilder<Stated[Name]> }) => sql<never>`
  insert into events (id, type, user_id, occurred_at, payload,
    audited, actor_role, request_id, address, subject_type, subjects)
  select made.id, ${fact.type}, ${fact.userId}::uuid, ${fact.at}::timestamptz, made.payload::jsonb,
    made.audit <> 'null', made.audit ->> 'role', made.audit ->> 'requestId', made.audit ->> 'address', made.audit ->> 'subject',
    array(select jsonb_path_query(made.audit, '$.subjects[*]') #>> '{}')
  from unnest((select ${fact.ids}::uuid[]), (select ${fact.payloads}::text[]), (select ${fact.audits}::jsonb[]))
    as made (id, payload, audit)`

const insertFacts = prepare<Stated, never>((fact) => sql`${stateAll(fact)} ${answerNotRead}`)

const insertWaitingFacts = prepare<Stated, never>(
  (fact) => sql`
    with fact as (${stateAll(fact)} returning id, type)
    insert into waiting_events (event_id, type) select id, type from fact ${statesFacts} ${answerNotRead}`,
)

/** States many facts of one kind, in one statement. */
export async function publishAll<Payload extends TSchema>(
  tx: Tx,
  event: EventType<Payload>,
  payloads: readonly Static<Payload>[],
  cause: Cause,
): Promise<void> {
  if (payloads.length === 0) return
  await (event.heard ? insertWaitingFacts : insertFacts)(tx, statedOf(event, payloads, cause))
}

function statedOf(event: EventType, payloads: readonly unknown[], cause: Cause): Stated {
  return {
    ids: payloads.map(newId),
    type: event.type,
    userId: cause.userId,
    at: cause.at,
    payloads: payloads.map((payload) => JSON.stringify(payload)),
    audits: payloads.map((payload) => JSON.stringify(auditOf(event, payload, cause))),
  }
}

/** What the audit log has of an event beside what, who and when; null where it is not for it. */
function auditOf({ audit }: EventType, payload: unknown, { userId, role, request }: Cause) {
  if (!audit) return null
  const fields = new Map(Object.entries(payload ?? {}))
  const ids = audit.ids.flatMap((id): unknown => fields.get(id)).filter((id) => typeof id === 'string')
  if (audit.when === 'by_admin' && (role !== 'admin' || ids[0] === userId)) return null
  return {
    role: role ?? null,
    requestId: request?.id ?? null,
    address: request?.address ?? null,
    subject: audit.subject,
    subjects: [...new Set(ids)],
  }
}

/** The events of a type that a subscriber has not taken yet, to select from: `id`, `payload`. */
export function undelivered({ type }: EventType, subscriber: string): RawBuilder<unknown> {
  return sql`(
    select id, payload from events where type = ${type} and not exists (
      select from event_deliveries where event_id = events.id and subscriber = ${subscriber}))`
}
