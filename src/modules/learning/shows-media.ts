import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { findLessonsUsingMedia, findOutline, isVisible, type LessonUsingMedia } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { findDone } from './queries.ts'
import { studyOf, termsOf } from './study.ts'

/**
 * A file is seen by those who may see one of the lessons it is shown in, or is a material of: everybody in a preview, the enrolled for
 * whom the lesson is open by order and date. Of owners the catalogue tells.
 */
export async function showsMedia(db: Db, actor: Actor | null, mediaId: string): Promise<boolean> {
  const uses = await findLessonsUsingMedia(db, mediaId)
  for (const [courseId, lessons] of Map.groupBy(uses, (use) => use.courseId)) {
    if (await showsOne(db, actor, courseId, lessons)) return true
  }
  return false
}

async function showsOne(
  db: Db,
  actor: Actor | null,
  courseId: string,
  uses: readonly LessonUsingMedia[],
): Promise<boolean> {
  const course = await findOutline(db, { courseId })
  if (!course) return false
  const preview = uses.some((use) => use.preview)
  if (preview && isVisible(actor, course)) return true
  const live = actor ? await findLiveEnrollment(db, { userId: actor.userId, courseId }) : undefined
  if (!actor || !live || !isEnrolled(live.status)) return false
  if (preview) return true
  const study = studyOf(course, await findDone(db, { enrollmentId: live.id, courseId }), termsOf(live, actor))
  const using = new Set(uses.map(({ lessonId }) => lessonId))
  return study.lessons.some(({ lesson, lock }) => using.has(lesson.id) && lock === null)
}
