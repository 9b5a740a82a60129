import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import {
  findCoursesUsingMedia,
  findOutline,
  findUsesOfMedia,
  isVisible,
  type UseOfMedia,
} from '../catalogue/index.ts'
import { type EnrollmentRow, findLiveEnrollmentsIn, isEnrolled } from '../enrollments/index.ts'
import { findDone } from './queries.ts'
import { studyOf, termsOf } from './study.ts'

/**
 * A file is seen by those who may see one of the lessons it is shown in, or is a material of: everybody in a preview, the enrolled for
 * whom the lesson is open by order and date; and by those who may see a course whose description names it. Of owners the catalogue tells.
 */
export async function showsMedia(db: Db, actor: Actor | null, mediaId: string): Promise<boolean> {
  const uses = await findUsesOfMedia(db, mediaId)
  const open = new Set(uses.flatMap(({ isOpen, courseId }) => (isOpen ? [courseId] : [])))
  if (open.size > 0) {
    const courses = await findCoursesUsingMedia(db, mediaId)
    if (courses.some((course) => open.has(course.id) && isVisible(actor, course))) return true
  }
  if (!actor || uses.length === 0) return false
  const courseIds = [...new Set(uses.map(({ courseId }) => courseId))]
  const live = await findLiveEnrollmentsIn(db, { userId: actor.userId, courseIds })
  const enrolled = live.filter(({ status }) => isEnrolled(status))
  // A draft, or a hidden course, is there for who is enrolled in it.
  if (enrolled.some((enrollment) => open.has(enrollment.course_id))) return true
  for (const enrollment of enrolled) if (await showsOne(db, actor, enrollment, uses)) return true
  return false
}

async function showsOne(
  db: Db,
  actor: Actor,
  live: EnrollmentRow,
  uses: readonly UseOfMedia[],
): Promise<boolean> {
  const courseId = live.course_id
  const course = await findOutline(db, { courseId })
  if (!course) return false
  const study = studyOf(course, await findDone(db, { enrollmentId: live.id, courseId }), termsOf(live, actor))
  const using = new Set(uses.map(({ lessonId }) => lessonId))
  return study.lessons.some(({ lesson, lock }) => using.has(lesson.id) && lock === null)
}
