import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { RatingRow } from './course-selection.ts'

/** Counts one more enrollment that became active, for the order by popularity. */
export async function countActivation(tx: Tx, courseId: string): Promise<void> {
  await sql`update course_stats set activations = activations + 1 where course_id = ${courseId}`.execute(tx)
}

/**
 * Counts a review that was given (`from` is null), replaced, or removed (`to` is null), in the transaction that did it. The caller
 * holds the review, so that of two changes of it the second sees the first.
 */
export async function moveRating(
  tx: Tx,
  courseId: string,
  move: { from: number | null; to: number | null },
): Promise<void> {
  await sql`
    update course_stats set stars = array(
      select stars[place] + (case when place = ${move.to}::int then 1 else 0 end)
        - (case when place = ${move.from}::int then 1 else 0 end)
      from generate_series(1, 5) as place order by place)
    where course_id = ${courseId}`.execute(tx)
}

/** The rating with how many reviews have 1, 2, 3, 4 and 5 stars. */
export async function findRating(
  db: Db,
  courseId: string,
): Promise<RatingRow & { stars: readonly number[] }> {
  const row = await db
    .selectFrom('course_stats')
    .select(['rating_average as average', 'rating_count as count', 'stars'])
    .where('course_id', '=', courseId)
    .executeTakeFirst()
  return row ?? { average: 0, count: 0, stars: [0, 0, 0, 0, 0] }
}
