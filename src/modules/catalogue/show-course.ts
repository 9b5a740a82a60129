import type { Config } from '../../platform/config.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourse } from './course-queries.ts'
import { presentCourse } from './present.ts'
import type { Course } from './schemas.ts'

/** The course as whoever has just written it is answered. */
export async function showCourse(db: Db, courseId: string, config: Config): Promise<Course> {
  const course = await findCourse(db, courseId)
  if (!course) throw refuse(notFound)
  return presentCourse(course, config, { owned: true })
}
