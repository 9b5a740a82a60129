import type { Cause } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { findDone } from './queries.ts'
import { type Study, studyOf, termsOf } from './study.ts'

/** A course as a child has it, for a parent: what the child is not enrolled in is not there for either. */
export async function readChildStudy(
  db: Db,
  cause: Cause,
  { childId, courseId }: { childId: string; courseId: string },
): Promise<Study> {
  const course = await findOutline(db, { courseId })
  const enrollment = await findLiveEnrollment(db, { userId: childId, courseId })
  if (!course || !enrollment || !isEnrolled(enrollment.status)) throw refuse(notFound)
  const done = await findDone(db, { enrollmentId: enrollment.id, courseId })
  return studyOf(course, done, termsOf(enrollment, cause))
}
