import { Type } from 'typebox'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { removeThumbnail, removeUnusedThumbnail } from './remove-thumbnail.ts'
import { reviewSearchWords } from './review-search-words.ts'

const reviewWords = defineJob('catalogue.review-search-words', Type.Object({}))

export const catalogueJobs: readonly JobHandler[] = [
  handle(removeThumbnail, removeUnusedThumbnail),
  handle(reviewWords, ({ transact }) => transact(reviewSearchWords)),
]
export const catalogueSchedules: readonly Schedule[] = [{ job: reviewWords, cron: '53 3 * * *' }]
