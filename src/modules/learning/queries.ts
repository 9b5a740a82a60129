import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

export interface ProgressRow {
  readonly lesson_id: string
  readonly completed_at: Date | null
  readonly position_seconds: number | null
}

const columns = ['lesson_id', 'completed_at', 'position_seconds'] as const

/** All that a student has done in an enrollment. */
export function findProgress(db: Db, enrollmentId: string): Promise<ProgressRow[]> {
  return db.selectFrom('lesson_progress').select(columns).where('enrollment_id', '=', enrollmentId).execute()
}

/**
 * Notes what was done of a lesson and reads all progress of the enrollment as it was before, in one statement. A completion stays
 * the first one; a position is replaced by the newer one.
 */
export async function saveProgress(
  tx: Tx,
  done: {
    enrollmentId: string
    lessonId: string
    completedAt: Date | null
    positionSeconds: number | null
    at: Date
  },
): Promise<{ before: ProgressRow[]; saved: ProgressRow }> {
  const { enrollmentId, lessonId, completedAt, positionSeconds, at } = done
  const { rows } = await sql<ProgressRow & { saved: boolean }>`
    with saved as (
      insert into lesson_progress (enrollment_id, lesson_id, completed_at, position_seconds, updated_at)
      values (${enrollmentId}, ${lessonId}, ${completedAt}, ${positionSeconds}, ${at})
      on conflict (enrollment_id, lesson_id) do update set
        completed_at = coalesce(lesson_progress.completed_at, excluded.completed_at),
        position_seconds = coalesce(excluded.position_seconds, lesson_progress.position_seconds),
        updated_at = excluded.updated_at
      returning lesson_id, completed_at, position_seconds
    )
    select lesson_id, completed_at, position_seconds, true as saved from saved
    union all
    select lesson_id, completed_at, position_seconds, false from lesson_progress where enrollment_id = ${enrollmentId}`.execute(
    tx,
  )
  const saved = rows.find((row) => row.saved)
  if (!saved) throw new Error('The progress was not saved.')
  return { before: rows.filter((row) => !row.saved), saved }
}

export async function deleteProgress(tx: Tx, enrollmentId: string): Promise<void> {
  await tx.deleteFrom('lesson_progress').where('enrollment_id', '=', enrollmentId).execute()
}

/** Of many enrollments at once. */
export function findProgressOf(db: Db, enrollmentIds: readonly string[]) {
  return db
    .selectFrom('lesson_progress')
    .select(['enrollment_id', ...columns])
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}

export async function deleteProgressOf(tx: Tx, enrollmentIds: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('lesson_progress')
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}

/** How many lessons were completed in each of these enrollments; those without any are left out. */
export async function countCompleted(
  db: Db,
  enrollmentIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('lesson_progress')
    .select((select) => ['enrollment_id', select.fn.countAll<number>().as('completed')])
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .where('completed_at', 'is not', null)
    .groupBy('enrollment_id')
    .execute()
  return new Map(rows.map((row) => [row.enrollment_id, row.completed]))
}
