import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import type { LessonContent } from '../catalogue/index.ts'
import { readLesson } from './read-lesson.ts'

/** An attachment, for whoever may read its lesson. */
export async function readMaterial(
  db: Db,
  actor: Actor | null,
  materialId: string,
): Promise<LessonContent['materials'][number]> {
  const { content } = await readLesson(db, actor, { materialId })
  const material = content.materials.find(({ id }) => id === materialId)
  if (!material) throw refuse(notFound)
  return material
}
