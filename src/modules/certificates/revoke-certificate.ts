import type { Cause } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { certificateRevokedEvent } from './events.ts'
import { discardPdf } from './pdf-jobs.ts'
import { pdfKey } from './pdf-key.ts'
import {
  type CertificateRow,
  findCertificate,
  findCertificateOfEnrollment,
  updateRevoked,
} from './queries.ts'

/** Takes a certificate back, for good. Revoked again it stays as it is, and so does the reason. */
export async function revokeCertificate(
  tx: Tx,
  cause: Cause,
  { id, reason, config }: { id: string; reason: string; config: Config },
): Promise<CertificateRow> {
  const revoked = await updateRevoked(tx, { id, reason }, cause)
  if (!revoked) {
    const before = await findCertificate(tx, id)
    if (!before) throw refuse(notFound)
    return before
  }
  const { enrollment_id: enrollmentId, course_id: courseId, user_id: userId } = revoked
  await addJob(tx, discardPdf, { key: pdfKey(revoked, config) })
  await publish(tx, certificateRevokedEvent, { certificateId: id, enrollmentId, courseId, userId }, cause)
  return revoked
}

/** Access to a completed course ended with its last entitlement, such as a refunded purchase: so does what it led to. */
export async function revokeWithEnrollment(
  tx: Tx,
  cause: Cause,
  { enrollmentId, config }: { enrollmentId: string; config: Config },
): Promise<void> {
  const certificate = await findCertificateOfEnrollment(tx, enrollmentId)
  if (certificate) await revokeCertificate(tx, cause, { id: certificate.id, reason: 'access_ended', config })
}
