import { type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { MomentKey } from '../../platform/http/moments.ts'

export interface AuditFilter {
  readonly actor?: string
  /** The id of what it is about, or of whom it concerns. */
  readonly subject?: string
  readonly action?: string
  readonly from?: Date
  /** Not included. */
  readonly to?: Date
}

export type AuditRow = Awaited<ReturnType<typeof findAudited>>[number]

/** The audit log, newest first: the events that are marked for it. */
export function findAudited(
  db: Db,
  { actor, subject, action, from, to }: AuditFilter,
  page: { after: MomentKey | null; limit: number },
) {
  let query = db
    .selectFrom('events')
    .select(['id', 'type', 'user_id', 'occurred_at', 'payload'])
    .select(['actor_role', 'request_id', 'address', 'subject_type', 'subjects'])
    // Not as a parameter: its indexes are of those rows only.
    .where(sql<SqlBool>`audited`)
  if (actor !== undefined) query = query.where('user_id', '=', actor)
  if (subject !== undefined) query = query.where(sql<SqlBool>`subjects @> array[${subject}::text]`)
  if (action !== undefined) query = query.where('type', '=', action)
  if (from !== undefined) query = query.where('occurred_at', '>=', from)
  if (to !== undefined) query = query.where('occurred_at', '<', to)
  if (page.after !== null)
    query = query.where(
      sql<SqlBool>`(occurred_at, id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`,
    )
  return query.orderBy('occurred_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()
}
