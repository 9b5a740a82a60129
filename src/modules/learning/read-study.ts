import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import type { CourseOutline } from '../catalogue/index.ts'
import type { EnrollmentRow } from '../enrollments/index.ts'
import { requireStudying } from './policy.ts'
import { findStudying } from './queries.ts'
import { type Study, studyOf, termsOf } from './study.ts'

/** A course as its student has it. */
export async function readStudy(
  db: Db,
  actor: Actor,
  course: CourseOutline | undefined,
): Promise<{ enrollment: EnrollmentRow; study: Study }> {
  if (!course) throw refuse(notFound)
  const studying = await findStudying(db, { userId: actor.userId, courseId: course.id })
  const { enrollment, done } = requireStudying(actor, course, studying)
  return { enrollment, study: studyOf(course, done, termsOf(enrollment, actor)) }
}
