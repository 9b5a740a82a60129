import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { lockLiveEnrollment } from '../enrollments/index.ts'
import { courseIncomplete } from './errors.ts'
import { finishCourse } from './finish-course.ts'
import { requireEnrolled } from './policy.ts'
import { findDone } from './queries.ts'
import { isDone, type Study, studyOf, termsOf } from './study.ts'

/**
 * Completes the course where all of it is done; for one whose last missing lesson, or exam, was taken out of the course, nothing
 * else would.
 */
export async function completeCourse(tx: Tx, actor: Actor, courseId: string): Promise<Study> {
  const course = await findOutline(tx, { courseId })
  if (!course) throw refuse(notFound)
  const live = await lockLiveEnrollment(tx, { userId: actor.userId, courseId })
  const enrollment = requireEnrolled(actor, course, live)
  const done = await findDone(tx, { enrollmentId: enrollment.id, courseId })
  const study = studyOf(course, done, termsOf(enrollment, actor))
  // What was completed stays so, also where the course has grown since.
  if (enrollment.status === 'completed') return study
  if (!isDone(study)) throw refuse(courseIncomplete, undefined, { members: missingOf(study) })
  await finishCourse(tx, actor, { enrollment, study })
  return study
}

function missingOf({ lessons, exam }: Study) {
  const missing = lessons
    .filter(({ state }) => state !== 'completed')
    .map(({ lesson }) => ({ lessonId: lesson.id, title: lesson.title }))
  return { missing, ...(exam && !exam.passedAt ? { exam: { quizId: exam.quizId } } : {}) }
}
