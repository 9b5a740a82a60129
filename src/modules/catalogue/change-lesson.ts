import type { Actor } from '../../platform/actor.ts'
import { brokenConstraint, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { updateCourse } from './course-queries.ts'
import { lessonHasQuiz } from './errors.ts'
import { lessonChanged } from './events.ts'
import { requireFit, requireLessonMedia, secondsOf } from './lesson-media.ts'
import {
  findLesson,
  type LessonFields,
  type LessonRow,
  lockCourseOfLesson,
  moveLesson,
  updateLesson,
} from './lesson-queries.ts'
import { requireOwner } from './policy.ts'
import type { LessonChange } from './schemas.ts'
import { hasSection } from './section-queries.ts'
import { keepLessonTextMedia, type Site } from './text-media.ts'

/**
 * Changes the said fields of a lesson. Another section of its course takes it at its end; another course never does.
 * @param input.ifMatch for the version of the course, which counts changes of its lessons too
 */
export async function changeLesson(
  tx: Tx,
  actor: Actor,
  input: { lessonId: string; change: LessonChange; site: Site; ifMatch?: string | undefined },
): Promise<{ lesson: LessonRow; version: number }> {
  const { lessonId, change, site } = input
  const { sectionId, title, type, body, durationSeconds, preview, availableAfterDays } = change
  const course = requireOwner(actor, await lockCourseOfLesson(tx, lessonId))
  requireVersion(course.version, input.ifMatch)
  const { id: courseId } = course
  const before = await findLesson(tx, lessonId)
  if (!before) throw refuse(notFound)
  if (Object.keys(change).length === 0) return { lesson: before, version: course.version }
  const media = await mediaOf(tx, actor, before, change)
  if (sectionId !== undefined && sectionId !== before.section_id) {
    if (!(await hasSection(tx, courseId, sectionId)))
      throw badField('/sectionId', 'is not a section of the course that the lesson is in')
    await moveLesson(tx, before, sectionId)
  }
  const lesson = await writeLesson(tx, lessonId, {
    ...(title === undefined ? {} : { title: title.trim() }),
    ...(type === undefined ? {} : { type }),
    ...(body === undefined ? {} : { body }),
    ...media,
    ...(durationSeconds === undefined ? {} : { duration_seconds: durationSeconds }),
    ...(preview === undefined ? {} : { preview }),
    ...(availableAfterDays === undefined ? {} : { available_after_days: availableAfterDays }),
    updated_at: actor.at,
  })
  if (!lesson) throw refuse(notFound)
  if (body !== undefined) await keepLessonTextMedia(tx, actor, { courseId, lessonId, text: body, site })
  const version = await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, lessonChanged, { courseId, lessonId }, actor)
  return { lesson, version }
}

async function writeLesson(...args: Parameters<typeof updateLesson>): Promise<LessonRow | undefined> {
  try {
    return await updateLesson(...args)
  } catch (error) {
    if (brokenConstraint(error) === 'lessons_quiz_type') throw refuse(lessonHasQuiz)
    throw error
  }
}

/** A file that comes in brings its length with it. One that stays may be another instructor's, and must fit a new type. */
async function mediaOf(
  tx: Tx,
  actor: Actor,
  before: LessonRow,
  change: LessonChange,
): Promise<Partial<Pick<LessonFields, 'media_id' | 'duration_seconds'>>> {
  const { mediaId = before.media_id } = change
  const type = change.type ?? before.type
  if (mediaId === null) return { media_id: null }
  if (mediaId === before.media_id) {
    if (type !== before.type) await requireFit(tx, type, mediaId)
    return {}
  }
  const media = await requireLessonMedia(tx, actor, type, mediaId)
  const seconds = secondsOf(media)
  return { media_id: media.id, ...(seconds === null ? {} : { duration_seconds: seconds }) }
}
