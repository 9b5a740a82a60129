import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type LessonContent, readLesson } from './read-lesson.ts'

/** An attachment, for whoever may read its lesson. */
export async function readMaterial(
  from: Pick<Deps, 'db' | 'pages'>,
  actor: Actor | null,
  materialId: string,
): Promise<LessonContent['materials'][number]> {
  const { content } = await readLesson(from, actor, { materialId })
  const material = content.materials.find(({ id }) => id === materialId)
  if (!material) throw refuse(notFound)
  return material
}
