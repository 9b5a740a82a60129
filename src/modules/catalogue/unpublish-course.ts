import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseRestored, courseUnpublished } from './events.ts'
import { requireMay } from './policy.ts'

/** Takes the course back into draft, from the catalogue or the archive. Who is enrolled stays so. */
export async function unpublishCourse(tx: Tx, actor: Actor, courseId: string): Promise<void> {
  const { status } = requireMay(actor, await lockCourse(tx, courseId), 'publish')
  if (status === 'draft') return
  await updateCourse(tx, courseId, { status: 'draft', archived_from: null, updated_at: actor.at })
  await publish(tx, status === 'archived' ? courseRestored : courseUnpublished, { courseId }, actor)
}
