import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { lockAttempt } from './attempt-queries.ts'
import { gradeAttempt } from './grade-attempt.ts'

/** Closes an attempt whose time is up, if nobody did. */
export async function expireAttempt(tx: Tx, cause: Cause, attemptId: string): Promise<void> {
  const attempt = await lockAttempt(tx, attemptId)
  if (attempt?.status !== 'open' || !attempt.deadline) return
  // The queue says when, by the database's clock, which may be a little before ours.
  const closing = { status: 'expired', submittedAt: attempt.deadline } as const
  await gradeAttempt(tx, cause, { attempt, closing })
}
