import { sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

/** Counts one more enrollment that became active, for the order by popularity. */
export async function countActivation(tx: Tx, courseId: string): Promise<void> {
  await sql`update course_stats set activations = activations + 1 where course_id = ${courseId}`.execute(tx)
}
