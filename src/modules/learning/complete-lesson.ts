import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseOutline, findOutline } from '../catalogue/index.ts'
import { holdLiveEnrollment } from '../enrollments/index.ts'
import { lessonLocked, quizRequired } from './errors.ts'
import { finishCourse } from './finish-course.ts'
import { requireEnrolled, requireOpen } from './policy.ts'
import { saveProgress, withSaved } from './queries.ts'
import { refuseGone } from './refuse-gone.ts'
import { lessonIn, type StudyStep, stepOf, studyOf, termsOf } from './study.ts'

/**
 * Notes that a student completed a lesson, and where they were in it. The write goes first and the rules look at what it found: that
 * is one statement instead of two, and a refusal takes it back. Completions of one enrollment take turns on its row, so that of two
 * last lessons at once exactly one completes the course.
 * @param input.outline of the course, as it was a moment ago: it is read again where the course is another by now
 */
export async function completeLesson(
  tx: Tx,
  actor: Actor,
  input: { lessonId: string; positionSeconds: number | null; outline: CourseOutline | undefined },
): Promise<StudyStep> {
  const { lessonId, positionSeconds, outline } = input
  if (!outline) throw refuse(notFound)
  const place = { userId: actor.userId, courseId: outline.id }
  await holdLiveEnrollment(tx, place)
  const done = { completedAt: actor.at, quizPassedAt: null, positionSeconds }
  const step = await refuseGone(saveProgress(tx, actor, { ...place, lessonId, ...done }))
  const enrollment = requireEnrolled(actor, outline, step?.enrollment)
  const isSame = step?.version === outline.version
  const course = isSame ? outline : await findOutline(tx, { courseId: outline.id })
  if (!step || !course) throw refuse(notFound)
  const { before, saved } = step
  const terms = termsOf(enrollment, actor)
  const old = studyOf(course, before, terms)
  const was = lessonIn(old, lessonId)
  requireOpen(old, was.lock, lessonLocked)
  if (was.state === 'open' && was.lesson.type === 'quiz' && !was.progress?.quiz_passed_at)
    throw refuse(quizRequired)

  const study = studyOf(course, withSaved(before, saved), terms)
  await finishCourse(tx, actor, { enrollment, study })
  return stepOf(study, lessonIn(study, lessonId))
}
