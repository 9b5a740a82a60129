import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutlineAndBody, isOwner, requireVisible } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { requireEnrolled, requireOpen } from './policy.ts'
import { findDone } from './queries.ts'
import { lessonIn, type Study, type StudyLesson, studyOf, termsOf, unlockedStudyOf } from './study.ts'

export interface LessonView {
  readonly study: Study
  readonly lesson: StudyLesson
  readonly body: string | null
  /** Whether the progress is the reader's: they are enrolled. */
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
  const bare = viewOf(unlockedStudyOf(course), which.lessonId, { body, own: false })
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
  const view = viewOf(study, which.lessonId, { body, own: true })
  if (!preview) requireOpen(study, view.lesson.lock)
  return view
}

function viewOf(study: Study, lessonId: string, rest: Pick<LessonView, 'body' | 'own'>): LessonView {
  return { study, lesson: lessonIn(study, lessonId), ...rest }
}
