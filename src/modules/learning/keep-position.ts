import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findLessonPlace, type LessonPlace } from '../catalogue/index.ts'
import { findLiveEnrollment } from '../enrollments/index.ts'
import { requireEnrolled } from './policy.ts'
import { type KeptPosition, savePosition } from './position-queries.ts'
import { refuseGone } from './refuse-gone.ts'
import { requireOpenLesson } from './require-open.ts'
import { elapsedDays, endLockOf, opensAt, summaryFrom } from './rules.ts'
import { type StudyStep, type StudyTerms, termsOf } from './study.ts'

/**
 * Keeps where a student is in a lesson. Players say it every few seconds, so it costs the same few rows in every course: it looks at
 * this lesson, and at the first that is not completed, where `completeLesson` looks at all. The write goes first, as there.
 */
export async function keepPosition(
  tx: Tx,
  actor: Actor,
  input: { lessonId: string; positionSeconds: number },
): Promise<StudyStep> {
  const { lessonId, positionSeconds } = input
  const place = await findLessonPlace(tx, lessonId)
  if (!place) throw refuse(notFound)
  const courseId = place.id
  const live = await findLiveEnrollment(tx, { userId: actor.userId, courseId })
  const enrollment = requireEnrolled(actor, place, live)
  const terms = termsOf(enrollment, actor)
  const kept = await refuseGone(
    savePosition(tx, {
      enrollmentId: enrollment.id,
      courseId,
      lessonId,
      positionSeconds,
      at: actor.at,
      sequential: place.sequential,
      version: place.version,
      elapsedDays: elapsedDays(terms),
    }),
  )
  // What locks it, and until when, takes the whole course to say; it is said by a refusal, and that takes the write back.
  if (isLocked(place, lessonId, kept, terms)) await requireOpenLesson(tx, actor, lessonId)
  return stepIn(place, lessonId, kept, { positionSeconds, terms })
}

/** The rule of `standingsOf`, for one lesson. */
function isLocked(place: LessonPlace, lessonId: string, kept: KeptPosition, terms: StudyTerms): boolean {
  if (kept.completedAt !== null) return false
  return (place.sequential && kept.first?.id !== lessonId) || !isDue(place, terms)
}

function isDue(step: Pick<LessonPlace, 'available_after_days'>, terms: StudyTerms): boolean {
  const opens = opensAt(step, terms.activatedAt)
  return opens === null || opens <= terms.at
}

function stepIn(
  place: LessonPlace,
  lessonId: string,
  kept: KeptPosition,
  { positionSeconds, terms }: { positionSeconds: number; terms: StudyTerms },
): StudyStep {
  const { completedAt, completedLessons, first, exam, lastDays } = kept
  const end = place.sequential && first ? endLockOf(first, lastDays, terms) : null
  return {
    courseId: place.id,
    lesson: {
      lesson: { id: lessonId, type: place.type },
      state: completedAt ? 'completed' : 'open',
      lock: null,
      progress: { completed_at: completedAt, position_seconds: positionSeconds },
    },
    summary: summaryFrom({
      completedLessons,
      totalLessons: place.lessons,
      examMissing: exam !== null && exam.passedAt === null,
    }),
    nextLessonId: first && isDue(first, terms) ? first.id : null,
    exam: exam && { ...exam, lock: exam.passedAt ? null : end },
  }
}
