import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { updateCourse } from './course-queries.ts'
import { materialRemoved } from './events.ts'
import { deleteMaterial, lockCourseOfMaterial } from './material-queries.ts'
import { requireOwner } from './policy.ts'

/** Takes an attachment away from its lesson; the file stays its uploader's. */
export async function removeMaterial(tx: Tx, actor: Actor, materialId: string): Promise<void> {
  const { id: courseId } = requireOwner(actor, await lockCourseOfMaterial(tx, materialId))
  const gone = await deleteMaterial(tx, materialId)
  if (!gone) throw refuse(notFound)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, materialRemoved, { courseId, lessonId: gone.lesson_id, materialId }, actor)
}
