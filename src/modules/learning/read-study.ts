import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { findLiveEnrollment } from '../enrollments/index.ts'
import { requireEnrolled } from './policy.ts'
import { findProgress } from './queries.ts'
import { type Study, studyOf } from './study.ts'

/** A course as its student has it. */
export async function readStudy(db: Db, actor: Actor, courseId: string): Promise<Study> {
  const course = await findOutline(db, { courseId })
  if (!course) throw refuse(notFound)
  const live = await findLiveEnrollment(db, { userId: actor.userId, courseId })
  const { id } = requireEnrolled(actor, course, live)
  return studyOf(course, await findProgress(db, id))
}
