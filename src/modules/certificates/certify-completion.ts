import type { Cause } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { lockLiveEnrollment } from '../enrollments/index.ts'
import { issueCertificate } from './issue-certificate.ts'

/** Somebody completed a course: they get its certificate, unless the enrollment has ended meanwhile. */
export async function certifyCompletion(
  tx: Tx,
  cause: Cause,
  input: { enrollmentId: string; userId: string; courseId: string; config: Config },
): Promise<void> {
  const enrollment = await lockLiveEnrollment(tx, input)
  if (enrollment?.id !== input.enrollmentId || enrollment.status !== 'completed') return
  await issueCertificate(tx, cause, { enrollment, config: input.config })
}
