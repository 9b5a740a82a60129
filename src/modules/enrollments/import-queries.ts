import { sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'

export interface ImportedRow {
  readonly id: string
  readonly user_id: string
  /** `created`: with its enrollment; `activated`: it was pending; `there`: it was active or completed. */
  readonly change: 'created' | 'activated' | 'there'
}

/** Begins an active enrollment for each of these people who have no live one. */
export async function insertImported(
  tx: Tx,
  { courseId, userIds }: { courseId: string; userIds: readonly string[] },
  cause: Cause,
): Promise<ImportedRow[]> {
  const { rows } = await sql<ImportedRow>`
    with made as (
      insert into enrollments (id, course_id, user_id, status, source, created_at, activated_at)
      select wanted.id, ${courseId}::uuid, wanted.user_id, 'active', 'import', ${cause.at}::timestamptz, ${cause.at}::timestamptz
      from unnest(${userIds.map(newId)}::uuid[], ${userIds}::uuid[]) as wanted (id, user_id)
      order by wanted.user_id
      on conflict (user_id, course_id) where status <> 'cancelled' do nothing
      returning id, user_id
    ), noted as (
      insert into enrollment_history (id, enrollment_id, from_status, to_status, user_id, reason, at)
      select made.id, made.id, null, 'active', ${cause.userId}::uuid, 'imported', ${cause.at}::timestamptz from made
    ), entitled as (
      insert into enrollment_entitlements (id, enrollment_id, source, granted_by, granted_at)
      select made.id, made.id, 'import', ${cause.userId}::uuid, ${cause.at}::timestamptz from made
    )
    select id, user_id, 'created' as change from made`.execute(tx)
  return rows
}

/** Entitles those of these people who have a live enrollment; a pending one becomes active. Told twice, nothing changes. */
export async function entitleImported(
  tx: Tx,
  { courseId, userIds }: { courseId: string; userIds: readonly string[] },
  cause: Cause,
): Promise<ImportedRow[]> {
  const ids = userIds.map(newId)
  const { rows } = await sql<ImportedRow>`
    with live as (
      select id, user_id, status from enrollments
      where course_id = ${courseId} and user_id = any(${userIds}::uuid[]) and status <> 'cancelled'
      order by id for no key update
    ), numbered as (
      select live.*, (${ids}::uuid[])[row_number() over ()] as fresh_id from live
    ), entitled as (
      insert into enrollment_entitlements (id, enrollment_id, source, granted_by, granted_at)
      select fresh_id, id, 'import', ${cause.userId}::uuid, ${cause.at}::timestamptz from numbered
      on conflict do nothing
    ), moved as (
      update enrollments set status = 'active', source = 'import', activated_at = ${cause.at}::timestamptz
      from numbered where enrollments.id = numbered.id and enrollments.status = 'pending'
      returning enrollments.id, fresh_id
    ), noted as (
      insert into enrollment_history (id, enrollment_id, from_status, to_status, user_id, reason, at)
      select fresh_id, id, 'pending', 'active', ${cause.userId}::uuid, 'imported', ${cause.at}::timestamptz from moved
    )
    select id, user_id, case when exists (select from moved where moved.id = live.id) then 'activated' else 'there' end as change
    from live`.execute(tx)
  return rows
}
