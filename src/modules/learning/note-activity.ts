import type { Tx } from '../../platform/database/database.ts'
import { insertActivity } from './activity-queries.ts'
import { quarterOf } from './rules.ts'

/**
 * Notes that a student did something in a course that is no progress in a lesson, which notes itself. Call it last: whoever waits for
 * the row of their day then holds nothing that others wait for.
 * @param activity.since when they last did what is noted already; in the same quarter of an hour there is nothing to add
 */
export async function noteActivity(
  tx: Tx,
  activity: { userId: string; courseId: string; at: Date; since?: Date },
): Promise<void> {
  const { since, ...noted } = activity
  if (since && quarterOf(since) === quarterOf(noted.at)) return
  await insertActivity(tx, noted)
}
