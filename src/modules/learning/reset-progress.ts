import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { lockLiveEnrollment } from '../enrollments/index.ts'
import { progressReset } from './events.ts'
import { requireEnrolled } from './policy.ts'
import { deleteProgress } from './queries.ts'
import { type Study, studyOf } from './study.ts'

/** Begins at the first lesson again. The enrollment stays what it is: who completed the course has completed it. */
export async function resetProgress(tx: Tx, actor: Actor, courseId: string): Promise<Study> {
  const course = await findOutline(tx, { courseId })
  if (!course) throw refuse(notFound)
  const live = await lockLiveEnrollment(tx, { userId: actor.userId, courseId })
  const { id: enrollmentId } = requireEnrolled(actor, course, live)
  await deleteProgress(tx, enrollmentId)
  await publish(tx, progressReset, { enrollmentId, courseId, userId: actor.userId }, actor)
  return studyOf(course, [])
}
