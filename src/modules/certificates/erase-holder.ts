import type { Cause } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { findEnrollmentsOfUser, lockLiveEnrollment } from '../enrollments/index.ts'
import { discardPdf } from './pdf-jobs.ts'
import { pdfKey } from './pdf-key.ts'
import { findCertificatesOfUser, updateHolder } from './queries.ts'
import { erasedHolder, formatCode } from './rules.ts'
import { signClaims } from './sign-claims.ts'

/**
 * Takes the name of a person who is gone off their certificates, and signs them anew. They stay, and their codes go on telling that
 * such a certificate was issued and whether it is valid; who holds a copy has the name, signed, from before.
 */
export async function eraseHolder(
  tx: Tx,
  cause: Cause,
  { userId, config }: { userId: string; config: Config },
): Promise<void> {
  // One that is being issued at this moment, with the name as it was, is waited for.
  for (const { course_id: courseId, status } of await findEnrollmentsOfUser(tx, userId))
    if (status === 'completed') await lockLiveEnrollment(tx, { userId, courseId })
  for (const certificate of await findCertificatesOfUser(tx, userId)) {
    const { id, school, code, course_title: course, issued_at } = certificate
    const issuedAt = issued_at.toISOString()
    const claims = { school, code: formatCode(code), holder: erasedHolder, course, issuedAt }
    const token = await signClaims(tx, cause, { claims, secrets: config.accessTokenSecrets })
    await addJob(tx, discardPdf, { key: pdfKey(certificate, config) })
    await updateHolder(tx, { id, holder: erasedHolder, token })
  }
}
