import type { Db } from '../../platform/database/database.ts'
import { findReviewsOf } from './queries.ts'

/** For the archive of a person: the reviews they wrote. */
export async function reviewData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const rows = await findReviewsOf(db, userId)
  return {
    reviews: rows.map((row) => ({
      id: row.id,
      courseId: row.course_id,
      stars: row.stars,
      text: row.text,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    })),
  }
}
