import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { type AttemptRow, findAttempt, findSolution, type SolutionRow } from './attempt-queries.ts'
import { requireAttemptReader } from './policy.ts'
import { isRevealed } from './rules.ts'

/** An attempt, and what was right in it where this reader may see that; else it is not even read. */
export async function readAttempt(
  db: Db,
  actor: Actor,
  attemptId: string,
): Promise<{ attempt: AttemptRow; solution: SolutionRow | undefined }> {
  const attempt = await findAttempt(db, attemptId)
  if (!attempt) throw refuse(notFound)
  const own = attempt.user_id === actor.userId
  requireAttemptReader(actor, attempt, own ? undefined : await findCourseFacts(db, attempt.course_id))
  const revealed = isRevealed({
    status: attempt.status,
    reveal: attempt.reveal_answers,
    everPassed: attempt.ever_passed,
    closedAttempts: attempt.closed_attempts,
    maxAttempts: attempt.quiz_max_attempts,
  })
  const sees = own ? revealed : attempt.status !== 'open'
  return { attempt, solution: sees ? await findSolution(db, attemptId) : undefined }
}
