import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { findOutline } from '../catalogue/index.ts'
import { isEnrolled, lockEnrollment } from '../enrollments/index.ts'
import { insertPass } from './exam-queries.ts'
import { finishCourse } from './finish-course.ts'
import { findDone } from './queries.ts'
import { studyOf, termsOf } from './study.ts'

/**
 * Notes that the exam of the course was passed, which completes it where all lessons are done. It takes its turn with the completions
 * of lessons on the enrollment's row. Of one that has ended nothing is noted.
 */
export async function passExam(tx: Tx, cause: Cause, input: { enrollmentId: string }): Promise<void> {
  const enrollment = await lockEnrollment(tx, input.enrollmentId)
  if (!enrollment || !isEnrolled(enrollment.status)) return
  const { id: enrollmentId, course_id: courseId } = enrollment
  await insertPass(tx, { enrollmentId, at: cause.at })
  const course = await findOutline(tx, { courseId })
  if (!course) return
  const done = await findDone(tx, { enrollmentId, courseId })
  await finishCourse(tx, cause, { enrollment, study: studyOf(course, done, termsOf(enrollment, cause)) })
}
