import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { findOutline } from '../catalogue/index.ts'
import { isEnrolled, lockEnrollment } from '../enrollments/index.ts'
import { saveProgress } from './completion-queries.ts'
import { finishCourse } from './finish-course.ts'
import { findDone, noteIn } from './queries.ts'
import { studyOf, termsOf } from './study.ts'

/**
 * The passed quiz completes its lesson, and the course where that was the last thing; called by whoever grades, as often as one
 * likes. That the lesson was open was asked when the attempt began, so it is not asked again. Of an enrollment that has ended, or a
 * lesson that is gone, nothing is noted.
 */
export async function completeQuizLesson(
  tx: Tx,
  cause: Cause,
  input: { enrollmentId: string; lessonId: string },
): Promise<void> {
  const { enrollmentId, lessonId } = input
  const enrollment = await lockEnrollment(tx, enrollmentId)
  if (!enrollment || !isEnrolled(enrollment.status)) return
  const { course_id: courseId } = enrollment
  const course = await findOutline(tx, { courseId })
  if (!course?.sections.some(({ lessons }) => lessons.some(({ id }) => id === lessonId))) return
  const before = await findDone(tx, { enrollmentId, courseId })
  const passed = { lessonId, completedAt: cause.at, quizPassedAt: cause.at, positionSeconds: null }
  const noted = noteIn(before, passed, cause)
  if (noted) await saveProgress(tx, [{ ...noted, enrollment, cause }])
  const study = studyOf(course, noted?.done ?? before, termsOf(enrollment, cause))
  await finishCourse(tx, cause, { enrollment, study })
}
