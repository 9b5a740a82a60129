import type { Actor } from '../../platform/actor.ts'
import { brokenConstraint, type Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutline } from '../catalogue/index.ts'
import { findLiveEnrollment, lockLiveEnrollment } from '../enrollments/index.ts'
import { lessonLocked, quizRequired } from './errors.ts'
import { finishCourse } from './finish-course.ts'
import { requireEnrolled, requireOpen } from './policy.ts'
import { saveProgress, withSaved } from './queries.ts'
import { stateCompletion } from './state-completion.ts'
import { lessonIn, type Study, type StudyLesson, studyOf, termsOf } from './study.ts'

export interface DoneOfLesson {
  readonly lessonId: string
  readonly completed: boolean
  readonly positionSeconds: number | null
}

/**
 * Notes that a student completed a lesson or where they are in it. The write goes first and the rules look at what it found: that
 * is one statement instead of two, and a refusal takes it back. Completions of one enrollment take turns on its row, so that of two
 * last lessons at once exactly one completes the course.
 */
export async function recordProgress(
  tx: Tx,
  actor: Actor,
  input: DoneOfLesson,
): Promise<{ study: Study; lesson: StudyLesson }> {
  const { lessonId, completed, positionSeconds } = input
  const course = await findOutline(tx, { lessonId })
  if (!course) throw refuse(notFound)
  const which = { userId: actor.userId, courseId: course.id }
  const live = completed ? await lockLiveEnrollment(tx, which) : await findLiveEnrollment(tx, which)
  const enrollment = requireEnrolled(actor, course, live)

  const { before, saved } = await saveOrRefuse(tx, {
    enrollmentId: enrollment.id,
    courseId: course.id,
    lessonId,
    completedAt: completed ? actor.at : null,
    quizPassedAt: null,
    positionSeconds,
    at: actor.at,
  })
  const terms = termsOf(enrollment, actor)
  const old = studyOf(course, before, terms)
  const was = lessonIn(old, lessonId)
  requireOpen(old, was.lock, lessonLocked)
  if (completed && was.state === 'open' && was.lesson.type === 'quiz' && !was.progress?.quiz_passed_at)
    throw refuse(quizRequired)

  const study = studyOf(course, withSaved(before, saved), terms)
  if (completed) {
    await stateCompletion(tx, actor, { enrollment, before, saved })
    await finishCourse(tx, actor, { enrollment, study })
  }
  return { study, lesson: lessonIn(study, lessonId) }
}

/** The lesson may have been removed since the outline was read. */
async function saveOrRefuse(tx: Tx, done: Parameters<typeof saveProgress>[1]) {
  try {
    return await saveProgress(tx, done)
  } catch (error) {
    if (brokenConstraint(error) === 'lesson_progress_lesson') throw refuse(notFound)
    throw error
  }
}
