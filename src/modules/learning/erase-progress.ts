import type { Tx } from '../../platform/database/database.ts'
import { findEnrollmentsOfUser } from '../enrollments/index.ts'
import { deleteProgressOf } from './queries.ts'

/** Forgets what a person who is gone did of their lessons; that they were enrolled is kept, under the anonymized account. */
export async function eraseProgress(tx: Tx, userId: string): Promise<void> {
  const enrollments = await findEnrollmentsOfUser(tx, userId)
  await deleteProgressOf(
    tx,
    enrollments.map(({ id }) => id),
  )
}
