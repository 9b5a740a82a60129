import type { Tx } from '../../platform/database/database.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { forgetPerson } from './job-types.ts'
import { deletePreferencesOf } from './preference-queries.ts'
import { deleteNotificationsOf } from './queries.ts'

/** Nothing stays of what a person was told and chose; nor, by a job, of what others were told of them. */
export async function eraseReader(tx: Tx, userId: string): Promise<void> {
  await deleteNotificationsOf(tx, userId)
  await deletePreferencesOf(tx, userId)
  await addJob(tx, forgetPerson, { userId })
}
