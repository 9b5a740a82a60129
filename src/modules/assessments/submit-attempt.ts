import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { isEnrolled } from '../enrollments/index.ts'
import { notEnrolled, noteActivity } from '../learning/index.ts'
import { holdOwnAttempt } from './attempt-queries.ts'
import { gradeBy } from './grade-attempt.ts'
import { findOwnAttempt } from './grading-queries.ts'
import { closingOf } from './rules.ts'

/** Closes an attempt with what was saved; one that is closed stays as it is. */
export async function submitAttempt(tx: Tx, actor: Actor, attemptId: string): Promise<void> {
  const { userId, at } = actor
  await holdOwnAttempt(tx, { attemptId, userId })
  const attempt = await findOwnAttempt(tx, { attemptId, userId })
  if (!attempt) throw refuse(notFound)
  if (attempt.status !== 'open') return
  if (attempt.live_id !== attempt.enrollment_id || !isEnrolled(attempt.live_status ?? undefined))
    throw refuse(notEnrolled)
  const { course_id: courseId, active_at: since } = attempt
  await gradeBy(tx, actor, {
    attempt,
    closing: closingOf(attempt.deadline, at),
    facts: attempt,
    activeAt: at,
  })
  await noteActivity(tx, { userId, courseId, at, since })
}
