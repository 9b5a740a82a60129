import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { type MediaRow, requireUsableMedia } from '../media/index.ts'
import { updateCourse } from './course-queries.ts'
import { materialsFull } from './errors.ts'
import { materialAdded } from './events.ts'
import { lockCourseOfLesson } from './lesson-queries.ts'
import { insertMaterial, type MaterialRow } from './material-queries.ts'
import { requireOwner } from './policy.ts'
import { mostMaterials } from './rules.ts'
import type { NewMaterial } from './schemas.ts'

/** Attaches a file to a lesson, at the end. */
export async function addMaterial(
  tx: Tx,
  actor: Actor,
  { lessonId, mediaId, title }: NewMaterial & { lessonId: string },
): Promise<{ material: MaterialRow; media: MediaRow }> {
  const { id: courseId } = requireOwner(actor, await lockCourseOfLesson(tx, lessonId))
  const media = await requireUsableMedia(tx, actor, mediaId)
  const material = await insertMaterial(tx, {
    id: newId(),
    lesson_id: lessonId,
    media_id: mediaId,
    title: title?.trim() ?? null,
    at: actor.at,
  })
  if (!material) throw refuse(notFound)
  if (material.position > mostMaterials) throw refuse(materialsFull)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, materialAdded, { courseId, lessonId, materialId: material.id }, actor)
  return { material, media }
}
