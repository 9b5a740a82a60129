import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { noteActivity } from '../learning/index.ts'
import { updateActive } from './active-queries.ts'
import { lockOwnAttempt } from './attempt-queries.ts'
import { gradeAttempt } from './grade-attempt.ts'
import { requireLive } from './require-live.ts'
import { closingOf } from './rules.ts'

/** Closes an attempt with what was saved; one that is closed stays as it is. */
export async function submitAttempt(tx: Tx, actor: Actor, attemptId: string): Promise<void> {
  const attempt = await lockOwnAttempt(tx, { attemptId, userId: actor.userId })
  if (!attempt) throw refuse(notFound)
  if (attempt.status !== 'open') return
  const { course_id: courseId } = await requireLive(tx, attempt)
  await gradeAttempt(tx, actor, { attempt, closing: closingOf(attempt.deadline, actor.at) })
  await updateActive(tx, attemptId, actor.at)
  await noteActivity(tx, { userId: actor.userId, courseId, at: actor.at })
}
