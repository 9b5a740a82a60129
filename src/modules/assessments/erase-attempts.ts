import type { Tx } from '../../platform/database/database.ts'
import { findEnrollmentsOfUser } from '../enrollments/index.ts'
import { deleteAttemptsOf } from './attempt-queries.ts'
import { deleteExtraAttemptsOf } from './extra-attempt-queries.ts'
import { deleteResultsOf } from './result-queries.ts'

/** Forgets what a person who is gone answered, and how well. */
export async function eraseAttempts(tx: Tx, userId: string): Promise<void> {
  const enrollments = await findEnrollmentsOfUser(tx, userId)
  await deleteAttemptsOf(tx, userId)
  await deleteExtraAttemptsOf(tx, userId)
  await deleteResultsOf(
    tx,
    enrollments.map(({ id }) => id),
  )
}
