import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { updateCourse } from './course-queries.ts'
import { sectionRemoved } from './events.ts'
import { requireOwner } from './policy.ts'
import { deleteSection, lockCourseOfSection } from './section-queries.ts'

/** Removes a section with its lessons, and with them the progress in these; graded attempts at their quizzes stay. */
export async function removeSection(tx: Tx, actor: Actor, sectionId: string): Promise<void> {
  const { id: courseId } = requireOwner(actor, await lockCourseOfSection(tx, sectionId))
  if (!(await deleteSection(tx, sectionId))) throw refuse(notFound)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, sectionRemoved, { courseId, sectionId }, actor)
}
