import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { EnrollmentSource } from '../../platform/database/schema.ts'
import { publish } from '../../platform/events/events.ts'
import { enrollmentActivated, enrollmentCreated } from './events.ts'
import { type EnrollmentRow, insertEnrollment } from './queries.ts'

/** Starts an enrollment, active if it has a source; undefined where there is a live one. */
export async function startEnrollment(
  tx: Tx,
  cause: Cause,
  wish: { courseId: string; userId: string; source: EnrollmentSource | null; reason: string },
): Promise<EnrollmentRow | undefined> {
  const { courseId, userId, source, reason } = wish
  const started = { course_id: courseId, user_id: userId, source }
  const enrollment = await insertEnrollment(tx, started, { reason, cause })
  if (!enrollment) return undefined
  const fact = { enrollmentId: enrollment.id, courseId, userId }
  await publish(tx, enrollmentCreated, fact, cause)
  if (source !== null) await publish(tx, enrollmentActivated, fact, cause)
  return enrollment
}
