import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { enrollmentCreated } from './events.ts'
import { type EnrollmentRow, insertEnrollment, lockLiveEnrollment } from './queries.ts'

/** The live enrollment of a person in a course, locked; begun anew, pending, where there is none. For what entitles without being asked. */
export async function beginEnrollment(
  tx: Tx,
  cause: Cause,
  { userId, courseId, reason }: { userId: string; courseId: string; reason: string },
): Promise<EnrollmentRow> {
  for (;;) {
    const enrollment = { course_id: courseId, user_id: userId, source: null }
    const begun = await insertEnrollment(tx, enrollment, { reason, cause })
    if (begun) await publish(tx, enrollmentCreated, { enrollmentId: begun.id, courseId, userId }, cause)
    const live = begun ?? (await lockLiveEnrollment(tx, { userId, courseId }))
    if (live) return live
    // It was cancelled between the two statements: the place is free again.
  }
}
