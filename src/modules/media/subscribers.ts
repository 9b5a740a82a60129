import { on } from '../../platform/events/events.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { userDeleted } from '../accounts/index.ts'
import { eraseUploads } from './jobs.ts'

/** By a job: what is used cannot be deleted, and finding that out ends a transaction. */
export const mediaSubscribers = [
  on(userDeleted, 'media.erase-uploads', (tx, { payload }) =>
    addJob(tx, eraseUploads, { userId: payload.userId }),
  ),
]
