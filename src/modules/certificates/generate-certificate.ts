import type { Actor } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { type EnrollmentRow, lockLiveEnrollment } from '../enrollments/index.ts'
import { completeCourse, requireEnrolled } from '../learning/index.ts'
import { type Issued, issueCertificate } from './issue-certificate.ts'

/** A student asks for their certificate: the one there is, or a new one where everything in the course is done. */
export async function generateCertificate(
  tx: Tx,
  actor: Actor,
  { courseId, config }: { courseId: string; config: Config },
): Promise<Issued> {
  const which = { userId: actor.userId, courseId }
  const live = await lockLiveEnrollment(tx, which)
  const course = await findCourseFacts(tx, courseId)
  if (!course) throw refuse(notFound)
  let enrollment: EnrollmentRow | undefined = requireEnrolled(actor, course, live)
  if (enrollment.status !== 'completed') {
    await completeCourse(tx, actor, courseId)
    enrollment = await lockLiveEnrollment(tx, which)
  }
  const issued = enrollment && (await issueCertificate(tx, actor, { enrollment, config }))
  if (!issued) throw refuse(notFound)
  return issued
}
