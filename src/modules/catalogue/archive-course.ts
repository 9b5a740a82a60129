import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { updateCourse } from './course-queries.ts'
import { courseArchived } from './events.ts'

/** Takes a course out of the lists, and lets nobody in any more; who is enrolled goes on. */
export async function archiveCourse(tx: Tx, actor: Actor, courseId: string): Promise<void> {
  await updateCourse(tx, courseId, { status: 'archived', updated_at: actor.at })
  await publish(tx, courseArchived, { courseId }, actor)
}
