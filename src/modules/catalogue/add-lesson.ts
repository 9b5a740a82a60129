import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { updateCourse } from './course-queries.ts'
import { courseFull } from './errors.ts'
import { lessonAdded } from './events.ts'
import { requireLessonMedia, secondsOf } from './lesson-media.ts'
import { insertLesson, type LessonRow } from './lesson-queries.ts'
import { countContents } from './outline-queries.ts'
import { requireOwner } from './policy.ts'
import { mostLessons } from './rules.ts'
import type { NewLesson } from './schemas.ts'
import { lockCourseOfSection } from './section-queries.ts'
import { keepLessonTextMedia, type Site } from './text-media.ts'

/** Adds a lesson at the end of a section. */
export async function addLesson(
  tx: Tx,
  actor: Actor,
  { site, ...input }: NewLesson & { site: Site },
): Promise<LessonRow> {
  const { id: courseId } = requireOwner(actor, await lockCourseOfSection(tx, input.sectionId))
  const { lessons } = await countContents(tx, courseId)
  if (lessons >= mostLessons) throw refuse(courseFull)
  const media = input.mediaId ? await requireLessonMedia(tx, actor, input.type, input.mediaId) : null
  const lesson = await insertLesson(tx, {
    id: newId(),
    section_id: input.sectionId,
    title: input.title.trim(),
    type: input.type,
    body: input.body ?? null,
    duration_seconds: input.durationSeconds === undefined ? secondsOf(media) : input.durationSeconds,
    media_id: media?.id ?? null,
    preview: input.preview ?? false,
    available_after_days: input.availableAfterDays ?? null,
    at: actor.at,
  })
  if (!lesson) throw refuse(notFound)
  if (lesson.body)
    await keepLessonTextMedia(tx, actor, { courseId, lessonId: lesson.id, text: lesson.body, site })
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, lessonAdded, { courseId, lessonId: lesson.id }, actor)
  return lesson
}
