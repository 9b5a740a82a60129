import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { isEnrolled } from '../enrollments/index.ts'
import { notEnrolled, noteActivity } from '../learning/index.ts'
import { lockOwnAttempt } from './attempt-queries.ts'
import { gradeBy } from './grade-attempt.ts'
import { findGradingFacts } from './grading-queries.ts'
import { closingOf } from './rules.ts'

/** Closes an attempt with what was saved; one that is closed stays as it is. */
export async function submitAttempt(tx: Tx, actor: Actor, attemptId: string): Promise<void> {
  const { userId, at } = actor
  const attempt = await lockOwnAttempt(tx, { attemptId, userId })
  if (!attempt) throw refuse(notFound)
  if (attempt.status !== 'open') return
  const facts = await findGradingFacts(tx, attemptId)
  if (facts.live_id !== attempt.enrollment_id || !isEnrolled(facts.live_status ?? undefined))
    throw refuse(notEnrolled)
  await gradeBy(tx, actor, { attempt, closing: closingOf(attempt.deadline, at), facts, activeAt: at })
  await noteActivity(tx, { userId, courseId: facts.course_id, at, since: attempt.active_at })
}
