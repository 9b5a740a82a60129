import type { Deps } from '../../platform/deps.ts'
import type { Person } from '../accounts/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { lockLiveEnrollment } from '../enrollments/index.ts'
import { issueCertificate } from './issue-certificate.ts'
import type { CertificateRow } from './queries.ts'

/** For tests: the certificate of a person who completed a course. */
export async function makeCertificate(
  deps: Deps,
  wish: { student?: Person; courseId?: string } = {},
): Promise<{ certificate: CertificateRow; student: Person }> {
  const { student, courseId } = await makeEnrollment(deps, { ...wish, status: 'completed' })
  const certificate = await deps.transact(async (tx) => {
    const enrollment = await lockLiveEnrollment(tx, { userId: student.id, courseId })
    const cause = { userId: null, at: deps.clock.now() }
    const issued = enrollment && (await issueCertificate(tx, cause, { enrollment, config: deps.config }))
    if (!issued) throw new Error('there is nobody to certify')
    return issued.certificate
  })
  return { certificate, student }
}
