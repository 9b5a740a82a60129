import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { lockOpenAttemptsOf } from './attempt-queries.ts'
import { gradeAttempt } from './grade-attempt.ts'
import { closingOf } from './rules.ts'

/** With an enrollment its open attempts end: they are graded as they were saved. */
export async function closeAttempts(tx: Tx, cause: Cause, enrollmentId: string): Promise<void> {
  for (const attempt of await lockOpenAttemptsOf(tx, enrollmentId))
    await gradeAttempt(tx, cause, { attempt, closing: closingOf(attempt.deadline, cause.at) })
}
