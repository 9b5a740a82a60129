import type { Db } from '../../platform/database/database.ts'
import { findEnrollmentsOfUser } from '../enrollments/index.ts'
import { findProgressOf } from './queries.ts'

/** For the archive of a person: what they did of which lesson, and when. */
export async function progressData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const enrollments = await findEnrollmentsOfUser(db, userId)
  const rows = await findProgressOf(
    db,
    enrollments.map(({ id }) => id),
  )
  return {
    lessons: rows.map((row) => ({
      lessonId: row.lesson_id,
      enrollmentId: row.enrollment_id,
      completedAt: row.completed_at,
      positionSeconds: row.position_seconds,
    })),
  }
}
