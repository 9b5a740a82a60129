import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutlineAndContent, isOwner, type LessonContent, requireVisible } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { requireEnrolled, requireOpen } from './policy.ts'
import { findDone } from './queries.ts'
import { lessonIn, type Study, type StudyLesson, studyOf, termsOf, unlockedStudyOf } from './study.ts'

export interface LessonView {
  readonly study: Study
  readonly lesson: StudyLesson
  readonly content: LessonContent
  /** Of the course. */
  readonly version: number
  /** Whether the progress is the reader's: they are enrolled. */
  readonly own: boolean
}

/**
 * What a lesson says and holds: to owners, to the enrolled for whom it is open, and to everybody if it is a preview.
 * @param by the lesson itself, or one of its materials
 */
export async function readLesson(
  db: Db,
  actor: Actor | null,
  by: { courseId?: string; lessonId: string } | { materialId: string },
): Promise<LessonView> {
  const course = await findOutlineAndContent(db, by)
  if (!course?.content) throw refuse(notFound)
  const { content, version } = course
  const bare = viewOf(unlockedStudyOf(course, null), { content, version, own: false })
  if (isOwner(actor, course)) return bare

  const live = actor ? await findLiveEnrollment(db, { userId: actor.userId, courseId: course.id }) : undefined
  const { preview } = bare.lesson.lesson
  if (!actor || !live || !isEnrolled(live.status)) {
    if (!preview) requireEnrolled(actor, course, live)
    requireVisible(actor, course)
    return bare
  }
  const done = await findDone(db, { enrollmentId: live.id, courseId: course.id })
  const study = studyOf(course, done, termsOf(live, actor))
  const view = viewOf(study, { content, version, own: true })
  if (!preview) requireOpen(study, view.lesson.lock)
  return view
}

function viewOf(study: Study, rest: Pick<LessonView, 'content' | 'version' | 'own'>): LessonView {
  return { study, lesson: lessonIn(study, rest.content.lesson_id), ...rest }
}
