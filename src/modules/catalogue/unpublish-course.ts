import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseClosed } from './errors.ts'
import { courseUnpublished } from './events.ts'
import { requireOwner } from './policy.ts'
import { canBecome } from './rules.ts'

/** Takes the course back into draft. Who is enrolled stays so. */
export async function unpublishCourse(tx: Tx, actor: Actor, courseId: string): Promise<void> {
  const course = requireOwner(actor, await lockCourse(tx, courseId))
  if (!canBecome(course.status, 'draft')) throw refuse(courseClosed)
  if (course.status === 'draft') return
  await updateCourse(tx, courseId, { status: 'draft', updated_at: actor.at })
  await publish(tx, courseUnpublished, { courseId }, actor)
}
