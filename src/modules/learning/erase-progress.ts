import type { Tx } from '../../platform/database/database.ts'
import { findEnrollmentsOfUser } from '../enrollments/index.ts'
import { deleteActivityOf } from './activity-queries.ts'
import { deletePassesOf } from './exam-queries.ts'
import { deleteFactsOf } from './fact-queries.ts'
import { deleteProgressOf } from './queries.ts'

/** Forgets what a person who is gone did of their courses; that they were enrolled is kept, under the anonymized account. */
export async function eraseProgress(tx: Tx, userId: string): Promise<void> {
  const ids = (await findEnrollmentsOfUser(tx, userId)).map(({ id }) => id)
  await deleteProgressOf(tx, ids)
  await deletePassesOf(tx, ids)
  await deleteFactsOf(tx, ids)
  await deleteActivityOf(tx, userId)
}
