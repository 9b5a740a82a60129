import { handle, type JobHandler } from '../../platform/jobs/jobs.ts'
import { removeThumbnail, removeUnusedThumbnail } from './remove-thumbnail.ts'
import { mailVisibility, sendVisibility } from './visibility-mails.ts'

export const catalogueJobs: readonly JobHandler[] = [
  handle(mailVisibility, sendVisibility),
  handle(removeThumbnail, removeUnusedThumbnail),
]
