import type { Db } from '../../platform/database/database.ts'
import type { EnrollmentStatus } from '../../platform/database/schema.ts'
import { isIdKey, readPage, toPage } from '../../platform/http/pagination.ts'
import { findCourseTitles } from '../catalogue/index.ts'
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
  const titles = await findCourseTitles(
    db,
    items.map((row) => row.course_id),
  )
  const byId = new Map(titles.map((title) => [title.id, title]))
  return {
    items: items.flatMap((row) => {
      const course = byId.get(row.course_id)
      return course ? [presentEnrollment(row, course)] : []
    }),
    nextCursor,
  }
}
