import { type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type {
  WebhookAttempts,
  WebhookDeliveries,
  WebhookDeliveryStatus,
} from '../../platform/database/schema.ts'
import { newId } from '../../platform/ids.ts'

const columns = [
  'id',
  'endpoint_id',
  'event_id',
  'type',
  'occurred_at',
  'data',
  'status',
  'tries',
  'attempts',
  'next_attempt_at',
  'delivered_at',
  'created_at',
] as const

export type DeliveryRow = Pick<Selectable<WebhookDeliveries>, (typeof columns)[number]>

/** What is told, to whomever. */
export interface Told {
  readonly eventId: string
  readonly type: string
  readonly occurredAt: Date
  readonly data: Readonly<Record<string, unknown>>
}

/** An event for endpoints, due at once. What an endpoint has already, or none that is gone, gets a row. */
export async function insertDeliveries(
  tx: Tx,
  { eventId, type, occurredAt, data }: Told,
  { endpointIds, at }: { endpointIds: readonly string[]; at: Date },
): Promise<DeliveryRow[]> {
  const { userId = null } = data as { userId?: string }
  const { rows } = await sql<DeliveryRow>`
    insert into webhook_deliveries
      (id, endpoint_id, event_id, type, occurred_at, data, user_id, status, next_attempt_at, created_at)
    select made.id, endpoint.id, ${eventId}::uuid, ${type}, ${occurredAt}::timestamptz, ${JSON.stringify(data)}::jsonb,
      ${userId}::uuid, 'pending', ${at}::timestamptz, ${at}::timestamptz
    from unnest(${endpointIds.map(newId)}::uuid[], ${endpointIds}::uuid[]) as made (id, endpoint_id)
    join webhook_endpoints endpoint on endpoint.id = made.endpoint_id
    on conflict on constraint webhook_deliveries_once do nothing
    returning ${sql.join(columns.map((column) => sql.ref(`webhook_deliveries.${column}`)))}`.execute(tx)
  return rows
}

/** What is due at an endpoint, the longest waiting first. */
export function findDue(
  db: Db,
  { endpointId, at, limit }: { endpointId: string; at: Date; limit: number },
): Promise<DeliveryRow[]> {
  return db
    .selectFrom('webhook_deliveries')
    .select(columns)
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'pending')
    .where('next_attempt_at', '<=', at)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** When the next attempt at an endpoint is due; null where nothing waits. */
export async function findNextAttempt(db: Db, endpointId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .select('next_attempt_at')
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'pending')
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst()
  return row?.next_attempt_at ?? null
}

/** The endpoints at which something is due since before this moment. */
export async function findOverdueEndpoints(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('webhook_endpoints')
    .select('id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('webhook_deliveries')
          .select('webhook_deliveries.id')
          .whereRef('webhook_deliveries.endpoint_id', '=', 'webhook_endpoints.id')
          .where('status', '=', 'pending')
          .where('next_attempt_at', '<=', before),
      ),
    )
    .execute()
  return rows.map(({ id }) => id)
}

export function lockDelivery(
  tx: Tx,
  { id, endpointId }: { id: string; endpointId: string },
): Promise<DeliveryRow | undefined> {
  return tx
    .selectFrom('webhook_deliveries')
    .select(columns)
    .where('id', '=', id)
    .where('endpoint_id', '=', endpointId)
    .forUpdate()
    .executeTakeFirst()
}

export function findDelivery(
  db: Db,
  { id, endpointId }: { id: string; endpointId: string },
): Promise<DeliveryRow | undefined> {
  return db
    .selectFrom('webhook_deliveries')
    .select(columns)
    .where('id', '=', id)
    .where('endpoint_id', '=', endpointId)
    .executeTakeFirst()
}

export function updateDelivery(
  tx: Tx,
  id: string,
  change: Updateable<WebhookDeliveries>,
): Promise<DeliveryRow> {
  return tx
    .updateTable('webhook_deliveries')
    .set(change)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Nothing is sent to an endpoint that is disabled: what waits has failed, and can be sent anew. */
export async function updatePendingAsFailed(tx: Tx, endpointId: string): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set({ status: 'failed', next_attempt_at: null })
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'pending')
    .execute()
}

/** Makes due again what failed, of the events handed over since a moment. @returns how many */
export async function updateFailedAsPending(
  tx: Tx,
  { endpointId, since, at }: { endpointId: string; since: Date; at: Date },
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('webhook_deliveries')
    .set({ status: 'pending', tries: 0, next_attempt_at: at })
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'failed')
    .where('created_at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

export interface DeliveryFilter {
  readonly endpointId: string
  readonly status?: WebhookDeliveryStatus | undefined
  readonly type?: string | undefined
}

/** Newest first. */
export function findDeliveries(
  db: Db,
  { endpointId, status, type }: DeliveryFilter,
  { after, limit }: { after: string | null; limit: number },
): Promise<DeliveryRow[]> {
  let query = db.selectFrom('webhook_deliveries').select(columns).where('endpoint_id', '=', endpointId)
  if (status !== undefined) query = query.where('status', '=', status)
  if (type !== undefined) query = query.where('type', '=', type)
  if (after !== null) query = query.where('id', '<', after)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** Deletes some of what was settled and handed over before a moment. @returns how many */
export async function deleteSettled(
  tx: Tx,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const { rows } = await sql`
    delete from webhook_deliveries where id in (
      select id from webhook_deliveries where status <> 'pending' and created_at < ${before} limit ${limit})
    returning id`.execute(tx)
  return rows.length
}

export type AttemptRow = Selectable<WebhookAttempts>

export async function insertAttempt(tx: Tx, attempt: AttemptRow): Promise<void> {
  await tx.insertInto('webhook_attempts').values(attempt).execute()
}

/** The last attempts at each delivery, newest first. */
export async function findAttempts(
  db: Db,
  deliveryIds: readonly string[],
  mostEach: number,
): Promise<AttemptRow[]> {
  const { rows } = await sql<AttemptRow>`
    select attempt.* from unnest(${deliveryIds}::uuid[]) as delivery (id)
    cross join lateral (
      select * from webhook_attempts where delivery_id = delivery.id order by number desc limit ${mostEach}) attempt`.execute(
    db,
  )
  return rows
}

export interface ToldOfPersonRow {
  readonly id: string
  readonly type: string
  readonly occurred_at: Date
  readonly data: unknown
  readonly delivered_at: Date | null
  readonly url: string
}

/** What other programs were told of a person, in the order of it. */
export function findToldOfPerson(
  db: Db,
  userId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<ToldOfPersonRow[]> {
  let query = db
    .selectFrom('webhook_deliveries')
    .innerJoin('webhook_endpoints', 'webhook_endpoints.id', 'webhook_deliveries.endpoint_id')
    .select([
      'webhook_deliveries.id',
      'webhook_deliveries.type',
      'webhook_deliveries.occurred_at',
      'webhook_deliveries.data',
      'webhook_deliveries.delivered_at',
      'webhook_endpoints.url',
    ])
    .where('webhook_deliveries.user_id', '=', userId)
  if (after !== null) query = query.where('webhook_deliveries.id', '>', after)
  return query.orderBy('webhook_deliveries.id').limit(limit).execute()
}

/** What receivers answered about a person may name them. */
export async function updateAnswersAsErased(tx: Tx, userId: string): Promise<void> {
  await sql`
    update webhook_attempts set answer = null
    where answer is not null and delivery_id in (select id from webhook_deliveries where user_id = ${userId})`.execute(
    tx,
  )
}
