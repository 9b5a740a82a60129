import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { updateCourse } from './course-queries.ts'
import { lessonChanged } from './events.ts'
import { type LessonRow, lockCourseOfLesson, updateLesson } from './lesson-queries.ts'
import { requireOwner } from './policy.ts'
import type { LessonChange } from './schemas.ts'

export async function changeLesson(
  tx: Tx,
  actor: Actor,
  input: { lessonId: string; change: LessonChange },
): Promise<LessonRow> {
  const { lessonId, change } = input
  const { title, type, body, durationSeconds, preview, availableAfterDays } = change
  const { id: courseId } = requireOwner(actor, await lockCourseOfLesson(tx, lessonId))
  const lesson = await updateLesson(tx, lessonId, {
    ...(title === undefined ? {} : { title: title.trim() }),
    ...(type === undefined ? {} : { type }),
    ...(body === undefined ? {} : { body }),
    ...(durationSeconds === undefined ? {} : { duration_seconds: durationSeconds }),
    ...(preview === undefined ? {} : { preview }),
    ...(availableAfterDays === undefined ? {} : { available_after_days: availableAfterDays }),
    updated_at: actor.at,
  })
  if (!lesson) throw refuse(notFound)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, lessonChanged, { courseId, lessonId }, actor)
  return lesson
}
