import type { Config } from '../../platform/config.ts'
import type { CertificateRow } from './queries.ts'
import { formatCode, verifyUrl } from './rules.ts'
import type { Certificate, Verification } from './schemas.ts'

export function presentCertificate(certificate: CertificateRow, { publicUrl }: Config): Certificate {
  const { id, code, revoked_at, revoke_reason } = certificate
  return {
    id,
    code: formatCode(code),
    courseId: certificate.course_id,
    courseTitle: certificate.course_title,
    holder: certificate.holder,
    completedAt: certificate.completed_at,
    issuedAt: certificate.issued_at,
    revoked: revoked_at !== null,
    ...(revoked_at ? { revokedAt: revoked_at } : {}),
    ...(revoke_reason === null ? {} : { revokeReason: revoke_reason }),
    downloadUrl: `${publicUrl}/api/certificates/${id}/download`,
    verifyUrl: verifyUrl(publicUrl, code),
  }
}

export function presentVerification(certificate: CertificateRow): Verification {
  const { revoked_at } = certificate
  return {
    valid: revoked_at === null,
    holder: certificate.holder,
    course: certificate.course_title,
    issuedAt: certificate.issued_at,
    revoked: revoked_at !== null,
    ...(revoked_at ? { revokedAt: revoked_at } : {}),
    school: certificate.school,
    code: formatCode(certificate.code),
    token: certificate.token,
  }
}
