import type { Db } from '../../platform/database/database.ts'
import { findCourseTitles } from '../catalogue/index.ts'
import { presentEnrollment } from './present.ts'
import { findEnrollmentsOfUser } from './queries.ts'

/** For the archive of a person: what they ever enrolled in. */
export async function enrollmentData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const rows = await findEnrollmentsOfUser(db, userId)
  const titles = await findCourseTitles(db, [...new Set(rows.map((row) => row.course_id))])
  const courses = new Map(titles.map((course) => [course.id, course]))
  return {
    enrollments: rows.flatMap((row) => {
      const course = courses.get(row.course_id)
      return course ? [presentEnrollment(row, course)] : []
    }),
  }
}
