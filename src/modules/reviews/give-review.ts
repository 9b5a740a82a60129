import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { findCourseFacts, moveRating, requireVisible } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { reviewChanged, reviewGiven } from './events.ts'
import { requireReviewer } from './policy.ts'
import { insertReview, lockReview, updateReview } from './queries.ts'
import type { NewReview } from './schemas.ts'

/** Gives, or replaces, a student's review of a course. */
export async function giveReview(
  tx: Tx,
  actor: Actor,
  input: { courseId: string; review: NewReview },
): Promise<{ id: string; isNew: boolean }> {
  const { courseId, review } = input
  const stars = readStars(review)
  const text = review.text?.trim() || null
  const { userId, at } = actor
  const course = await findCourseFacts(tx, courseId)
  if (!course) throw refuse(notFound)
  const enrollment = await findLiveEnrollment(tx, { userId, courseId })
  // One who is enrolled knows of the course, whatever became of it.
  if (!isEnrolled(enrollment?.status)) requireVisible(actor, course)
  requireReviewer(actor, course, enrollment)

  const id = await insertReview(tx, {
    id: newId(),
    course_id: courseId,
    user_id: userId,
    stars,
    text,
    created_at: at,
  })
  if (id !== undefined) {
    await moveRating(tx, courseId, { from: null, to: stars })
    await publish(tx, reviewGiven, { reviewId: id, courseId, stars }, actor)
    return { id, isNew: true }
  }
  const before = await lockReview(tx, { courseId, userId })
  // It was there a moment ago: removed in between, it is given anew.
  if (!before) return giveReview(tx, actor, input)
  await updateReview(tx, before.id, { stars, text, updated_at: at })
  await moveRating(tx, courseId, { from: before.stars, to: stars })
  await publish(tx, reviewChanged, { reviewId: before.id, courseId, stars }, actor)
  return { id: before.id, isNew: false }
}

function readStars({ stars, rating }: NewReview): number {
  const said = stars ?? rating
  if (said === undefined) throw badField('/stars', 'is required')
  if (rating !== undefined && rating !== said) throw badField('/rating', 'is not what stars says: give one')
  return said
}
