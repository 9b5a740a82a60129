import { type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { WebhookEndpoints } from '../../platform/database/schema.ts'

const columns = [
  'id',
  'url',
  'description',
  'events',
  'sealed_secret',
  'sealed_old_secret',
  'old_secret_until',
  'disabled_at',
  'disabled_reason',
  'failing_since',
  'failures',
  'resting_until',
  'created_at',
  'updated_at',
] as const

export type EndpointRow = Pick<Selectable<WebhookEndpoints>, (typeof columns)[number]>

/** Whoever adds an endpoint takes their turn, so that the limit holds whatever races. @returns how many there are */
export async function lockNumberOfEndpoints(tx: Tx): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended('webhook endpoints', 0))`.execute(tx)
  const { count } = await tx
    .selectFrom('webhook_endpoints')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export function insertEndpoint(
  tx: Tx,
  endpoint: Pick<EndpointRow, 'id' | 'url' | 'description' | 'events' | 'sealed_secret' | 'created_at'>,
): Promise<EndpointRow> {
  return tx
    .insertInto('webhook_endpoints')
    .values({ ...endpoint, updated_at: endpoint.created_at })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Newest first. */
export function findEndpoints(
  db: Db,
  { after, limit }: { after: string | null; limit: number },
): Promise<EndpointRow[]> {
  let query = db.selectFrom('webhook_endpoints').select(columns)
  if (after !== null) query = query.where('id', '<', after)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export function findEndpoint(db: Db, id: string): Promise<EndpointRow | undefined> {
  return db.selectFrom('webhook_endpoints').select(columns).where('id', '=', id).executeTakeFirst()
}

/** Held before its deliveries are, by all who need both. */
export function lockEndpoint(tx: Tx, id: string): Promise<EndpointRow | undefined> {
  return tx
    .selectFrom('webhook_endpoints')
    .select(columns)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

export function updateEndpoint(
  tx: Tx,
  id: string,
  change: Updateable<WebhookEndpoints>,
): Promise<EndpointRow> {
  return tx
    .updateTable('webhook_endpoints')
    .set(change)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export async function deleteEndpoint(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('webhook_endpoints')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Those that one of these filters lets an event through to. */
export async function findListening(db: Db, filters: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('webhook_endpoints')
    .select('id')
    .where('disabled_at', 'is', null)
    .where(sql<boolean>`events && ${filters}::text[]`)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** All that let events through to somebody, each once. */
export async function findFilters(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('webhook_endpoints')
    .select(sql<string>`unnest(events)`.as('filter'))
    .distinct()
    .where('disabled_at', 'is', null)
    .execute()
  return rows.map(({ filter }) => filter)
}
