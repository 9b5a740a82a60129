import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutlineAndBody, isOwner, requireVisible } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { requireEnrolled, requireOpen } from './policy.ts'
import { findProgress } from './queries.ts'
import { type Study, standingIn, studyOf } from './study.ts'

export interface LessonView {
  readonly study: Study
  readonly body: string | null
  /** Whether the progress in `study` is the reader's: they are enrolled. */
  readonly own: boolean
}

/** What a lesson says: to owners, to the enrolled who have come so far, and to everybody if it is a preview. */
export async function readLesson(
  db: Db,
  actor: Actor | null,
  which: { courseId: string; lessonId: string },
): Promise<LessonView> {
  const course = await findOutlineAndBody(db, which)
  if (!course) throw refuse(notFound)
  const { body } = course
  const bare = { study: studyOf(course, []), body, own: false }
  const lesson = bare.study.lessons.find(({ id }) => id === which.lessonId)
  if (!lesson) throw refuse(notFound)
  if (isOwner(actor, course)) return bare

  const live = actor ? await findLiveEnrollment(db, { userId: actor.userId, courseId: course.id }) : undefined
  if (lesson.preview && !isEnrolled(live?.status)) {
    requireVisible(actor, course)
    return bare
  }
  const { id } = requireEnrolled(actor, course, live)
  const study = studyOf(course, await findProgress(db, id))
  if (!lesson.preview) requireOpen(standingIn(study, lesson.id), study.titles)
  return { study, body, own: true }
}
