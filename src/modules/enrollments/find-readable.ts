import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { type CourseFactsRow, isVisible, requireVisible } from '../catalogue/index.ts'
import { findLiveEnrollment } from './queries.ts'
import { isEnrolled } from './rules.ts'

/** The course, for one who may know of it: everybody or, of a draft or a hidden one, its owners and who is enrolled. */
export async function findReadable(
  db: Db,
  actor: Actor | null,
  course: CourseFactsRow | undefined,
): Promise<CourseFactsRow> {
  if (course && actor && !isVisible(actor, course)) {
    const live = await findLiveEnrollment(db, { userId: actor.userId, courseId: course.id })
    if (isEnrolled(live?.status)) return course
  }
  return requireVisible(actor, course)
}
