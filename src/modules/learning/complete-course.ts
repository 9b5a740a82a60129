import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { completeEnrollment, lockLiveEnrollment } from '../enrollments/index.ts'
import { courseIncomplete } from './errors.ts'
import { requireEnrolled } from './policy.ts'
import { findProgress } from './queries.ts'
import { isComplete, summaryOf } from './rules.ts'
import { type Study, studyOf } from './study.ts'

/**
 * Completes the course where all of it is done; for one whose last missing lesson was taken out of the course, nothing else
 * would.
 */
export async function completeCourse(tx: Tx, actor: Actor, courseId: string): Promise<Study> {
  const course = await findOutline(tx, { courseId })
  if (!course) throw refuse(notFound)
  const live = await lockLiveEnrollment(tx, { userId: actor.userId, courseId })
  const enrollment = requireEnrolled(actor, course, live)
  const study = studyOf(course, await findProgress(tx, enrollment.id))
  if (!isComplete(summaryOf(study.lessons))) {
    const missing = study.lessons
      .filter(({ state }) => state !== 'completed')
      .map(({ lesson }) => ({ lessonId: lesson.id, title: lesson.title }))
    throw refuse(courseIncomplete, undefined, { members: { missing } })
  }
  await completeEnrollment(tx, actor, { enrollmentId: enrollment.id, reason: 'all_lessons_done' })
  return study
}
