import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseOutline, isOwner } from '../catalogue/index.ts'
import { findExam } from './exam-queries.ts'
import { requireStudying } from './policy.ts'
import { findShown } from './shown-queries.ts'
import { type ShownStudy, studyOf, termsOf, unlockedStudyOf } from './study.ts'

/** All lessons of a course with where its student stands with each; to an owner nothing is locked. */
export async function readOutline(
  db: Db,
  actor: Actor,
  course: CourseOutline | undefined,
): Promise<ShownStudy> {
  if (!course) throw refuse(notFound)
  if (isOwner(actor, course)) return unlockedStudyOf(course, await findExam(db, course.id))
  const studying = await findShown(db, { userId: actor.userId, courseId: course.id })
  const { enrollment, done } = requireStudying(actor, course, studying)
  return studyOf(course, done, termsOf(enrollment, actor))
}
