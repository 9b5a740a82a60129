import type { Db } from '../../platform/database/database.ts'
import { findCertificatesOfUser } from './queries.ts'
import { formatCode } from './rules.ts'

/** For the archive of a person: what was certified of them, with the signed claims. */
export async function certificateData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const rows = await findCertificatesOfUser(db, userId)
  return {
    certificates: rows.map((row) => ({
      id: row.id,
      code: formatCode(row.code),
      courseId: row.course_id,
      courseTitle: row.course_title,
      holder: row.holder,
      completedAt: row.completed_at,
      issuedAt: row.issued_at,
      revokedAt: row.revoked_at,
      revokeReason: row.revoke_reason,
      token: row.token,
    })),
  }
}
