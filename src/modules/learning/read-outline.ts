import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline, isOwner } from '../catalogue/index.ts'
import { findLiveEnrollment } from '../enrollments/index.ts'
import { findExam } from './exam-queries.ts'
import { requireEnrolled } from './policy.ts'
import { findDone } from './queries.ts'
import { type Study, studyOf, termsOf, unlockedStudyOf } from './study.ts'

/** All lessons of a course with where its student stands with each; to an owner nothing is locked. */
export async function readOutline(db: Db, actor: Actor, courseId: string): Promise<Study> {
  const course = await findOutline(db, { courseId })
  if (!course) throw refuse(notFound)
  if (isOwner(actor, course)) return unlockedStudyOf(course, await findExam(db, courseId))
  const live = await findLiveEnrollment(db, { userId: actor.userId, courseId })
  const enrollment = requireEnrolled(actor, course, live)
  const done = await findDone(db, { enrollmentId: enrollment.id, courseId })
  return studyOf(course, done, termsOf(enrollment, actor))
}
