import type { Actor } from '../../platform/actor.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseFacts, may, requireMay } from '../catalogue/index.ts'

/** Instructors make coupons for their own courses, admins for any and for all. */
export function requireMaker(
  actor: Actor,
  course: CourseFacts | undefined,
  wish: { courseId: string | null },
): void {
  if (wish.courseId === null) {
    if (actor.role !== 'admin') throw refuse(forbidden, 'A coupon for every course is made by admins.')
    return
  }
  requireMay(actor, course, 'admit')
}

/** Who may not make such a coupon does not know of it. */
export function requireKeeper(actor: Actor, course: CourseFacts | undefined): void {
  if (actor.role !== 'admin' && !(course && may(actor, course, 'admit'))) throw refuse(notFound)
}
