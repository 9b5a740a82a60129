import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { holdAccount } from '../accounts/index.ts'
import {
  type CourseFactsRow,
  holdCourse,
  priceOf,
  requireTakingIn,
  requireVisible,
} from '../catalogue/index.ts'
import { entitle } from './entitlements.ts'
import { alreadyEnrolled } from './errors.ts'
import { type EnrollmentRow, lockLiveEnrollment, updatePendingSince } from './queries.ts'
import { startEnrollment } from './start-enrollment.ts'

export interface Enrolled {
  readonly enrollment: EnrollmentRow
  readonly course: CourseFactsRow
  /** False where it was pending before. */
  readonly begun: boolean
}

/** A person enrolls: in a free course at once, in a paid one pending payment. */
export async function enroll(tx: Tx, actor: Actor, courseId: string): Promise<Enrolled> {
  const course = requireVisible(actor, await holdCourse(tx, courseId))
  requireTakingIn(course)
  // deleted since the request was let in: nothing is begun for nobody
  if (!(await holdAccount(tx, actor.userId))) throw refuse(unauthenticated)
  const free = priceOf(course) === null
  for (;;) {
    const begun = await startEnrollment(tx, actor, {
      courseId,
      userId: actor.userId,
      source: free ? 'free' : null,
      reason: free ? 'free_course' : 'payment_awaited',
    })
    if (begun) return { enrollment: begun, course, begun: true }
    const resumed = await resume(tx, actor, courseId, free)
    if (resumed) return { enrollment: resumed, course, begun: false }
    // It was cancelled between the two statements: the place is free again.
  }
}

/** Goes on with a pending enrollment, which waits for the payment anew; in a course that has become free it turns active. */
async function resume(tx: Tx, actor: Actor, courseId: string, free: boolean) {
  const live = await lockLiveEnrollment(tx, { userId: actor.userId, courseId })
  if (!live) return undefined
  if (live.status !== 'pending') throw refuse(alreadyEnrolled)
  if (!free) {
    await updatePendingSince(tx, live.id, actor.at)
    return live
  }
  const entitlement = { source: 'free', reference: null, reason: 'free_course' } as const
  return (await entitle(tx, actor, { ...entitlement, enrollment: live })).enrollment
}
