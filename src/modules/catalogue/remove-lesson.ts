import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { updateCourse } from './course-queries.ts'
import { lessonRemoved } from './events.ts'
import { deleteLesson, lockCourseOfLesson } from './lesson-queries.ts'
import { requireOwner } from './policy.ts'

/** Removes a lesson, and with it the progress in it; graded attempts at its quiz stay. */
export async function removeLesson(tx: Tx, actor: Actor, lessonId: string): Promise<void> {
  const { id: courseId } = requireOwner(actor, await lockCourseOfLesson(tx, lessonId))
  if (!(await deleteLesson(tx, lessonId))) throw refuse(notFound)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, lessonRemoved, { courseId, lessonId }, actor)
}
