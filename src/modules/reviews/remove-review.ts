import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { moveRating } from '../catalogue/index.ts'
import { reviewRemoved } from './events.ts'
import { deleteReview } from './queries.ts'

/** Removes a review: its author their own of a course, an admin any by its id. */
export async function removeReview(
  tx: Tx,
  actor: Actor,
  which: { id: string } | { courseId: string; userId: string },
): Promise<void> {
  const gone = await deleteReview(tx, which)
  if (!gone) throw refuse(notFound)
  await moveRating(tx, gone.course_id, { from: gone.stars, to: null })
  await publish(tx, reviewRemoved, { reviewId: gone.id, courseId: gone.course_id, stars: gone.stars }, actor)
}
