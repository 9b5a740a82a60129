import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { updateCourse } from './course-queries.ts'
import type { CourseFactsRow } from './course-selection.ts'
import { courseArchived } from './events.ts'

/**
 * Takes a course out of the lists, and lets nobody in any more; who is enrolled goes on. Who knew of it goes on knowing of it, and nobody
 * else.
 */
export async function archiveCourse(
  tx: Tx,
  actor: Actor,
  { id: courseId, status }: Pick<CourseFactsRow, 'id' | 'status'>,
): Promise<void> {
  if (status === 'archived') return
  await updateCourse(tx, courseId, { status: 'archived', archived_from: status, updated_at: actor.at })
  await publish(tx, courseArchived, { courseId }, actor)
}
