import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { type EnrollmentRow, findLiveEnrollment } from '../enrollments/index.ts'
import { requireEnrolled } from './policy.ts'
import { findDone } from './queries.ts'
import { type Study, studyOf, termsOf } from './study.ts'

/**
 * A course as its student has it.
 * @param by the course itself, or any of its lessons
 */
export async function readStudy(
  db: Db,
  actor: Actor,
  by: { courseId: string } | { lessonId: string },
): Promise<{ enrollment: EnrollmentRow; study: Study }> {
  const course = await findOutline(db, by)
  if (!course) throw refuse(notFound)
  const courseId = course.id
  const live = await findLiveEnrollment(db, { userId: actor.userId, courseId })
  const enrollment = requireEnrolled(actor, course, live)
  const done = await findDone(db, { enrollmentId: enrollment.id, courseId })
  return { enrollment, study: studyOf(course, done, termsOf(enrollment, actor)) }
}
