import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { requireChild } from '../guardians/index.ts'
import {
  type AttemptRow,
  type AttemptWithFacts,
  findAttempt,
  findSolution,
  type SolutionRow,
} from './attempt-queries.ts'
import { requireAttemptReader } from './policy.ts'
import { isRevealed } from './rules.ts'

export interface AttemptView {
  readonly attempt: AttemptRow
  readonly solution: SolutionRow | undefined
}

/** An attempt, and what was right in it where this reader may see that; else it is not even read. */
export async function readAttempt(db: Db, actor: Actor, attemptId: string): Promise<AttemptView> {
  const attempt = await findAttempt(db, attemptId)
  if (!attempt) throw refuse(notFound)
  const own = attempt.user_id === actor.userId
  requireAttemptReader(actor, attempt, own ? undefined : await findCourseFacts(db, attempt.course_id))
  const sees = own ? isShown(attempt) : attempt.status !== 'open'
  return { attempt, solution: sees ? await findSolution(db, attemptId) : undefined }
}

/** The same for a parent, who sees of a child's what the child sees. */
export async function readAttemptOfChild(tx: Tx, actor: Actor, attemptId: string): Promise<AttemptView> {
  const attempt = await findAttempt(tx, attemptId)
  if (!attempt || attempt.user_id === actor.userId) return readAttempt(tx, actor, attemptId)
  await requireChild(tx, actor, { childId: attempt.user_id, what: 'attempt' })
  return { attempt, solution: isShown(attempt) ? await findSolution(tx, attemptId) : undefined }
}

function isShown(attempt: AttemptWithFacts): boolean {
  return isRevealed({
    status: attempt.status,
    reveal: attempt.reveal_answers,
    everPassed: attempt.ever_passed,
    closedAttempts: attempt.closed_attempts,
    maxAttempts: attempt.quiz_max_attempts,
  })
}
