import type { Db } from '../../platform/database/database.ts'
import type { EnrollmentStatus } from '../../platform/database/schema.ts'
import { isIdKey, readPage, toPage } from '../../platform/http/pagination.ts'
import { presentEnrollment } from './present.ts'
import { findEnrollmentsOf } from './queries.ts'

/** A page of what somebody enrolled in, newest first, as it is shown. */
export async function listEnrollments(
  db: Db,
  userId: string,
  query: { limit?: number; cursor?: string; status?: EnrollmentStatus },
) {
  const { limit, after } = readPage(query, isIdKey)
  const rows = await findEnrollmentsOf(db, userId, query, { after, limit: limit + 1 })
  const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
  return {
    items: items.map((row) =>
      presentEnrollment(row, { id: row.course_id, slug: row.slug, title: row.title }),
    ),
    nextCursor,
  }
}
