import { randomBytes } from 'node:crypto'
import type { Cause } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { findPeople } from '../accounts/index.ts'
import { findCourseTitles } from '../catalogue/index.ts'
import type { EnrollmentRow } from '../enrollments/index.ts'
import { certificateIssued } from './events.ts'
import { renderPdf } from './pdf-jobs.ts'
import { type CertificateRow, findCertificateOfEnrollment, insertCertificate } from './queries.ts'
import { codeOf, formatCode } from './rules.ts'
import { signClaims } from './sign-claims.ts'

export interface Issued {
  readonly certificate: CertificateRow
  /** False where it was there before. */
  readonly made: boolean
}

/**
 * The certificate of a completed enrollment, issued where there is none; undefined where the person is gone.
 * @param input.enrollment locked: whoever issues, ends the enrollment or erases its person takes turns on it
 */
export async function issueCertificate(
  tx: Tx,
  cause: Cause,
  { enrollment, config }: { enrollment: EnrollmentRow; config: Config },
): Promise<Issued | undefined> {
  const known = await findCertificateOfEnrollment(tx, enrollment.id)
  if (known) return { certificate: known, made: false }
  const { id: enrollmentId, user_id: userId, course_id: courseId } = enrollment
  const [person] = await findPeople(tx, [userId])
  const [course] = await findCourseTitles(tx, [courseId])
  if (!person || !course) return undefined

  const code = codeOf(randomBytes(16))
  const facts = { school: config.schoolName, holder: person.name }
  const claims = { ...facts, code: formatCode(code), course: course.title, issuedAt: cause.at.toISOString() }
  const token = await signClaims(tx, cause, { claims, secrets: config.accessTokenSecrets })
  const certificate = await insertCertificate(tx, {
    ...facts,
    id: newId(),
    enrollment_id: enrollmentId,
    user_id: userId,
    course_id: courseId,
    code,
    course_title: course.title,
    completed_at: enrollment.completed_at ?? cause.at,
    issued_at: cause.at,
    token,
  })
  if (!certificate) throw new Error('A certificate was issued beside the lock of its enrollment.')
  const certificateId = certificate.id
  await addJob(tx, renderPdf, { certificateId })
  await publish(tx, certificateIssued, { certificateId, enrollmentId, courseId, userId }, cause)
  return { certificate, made: true }
}
