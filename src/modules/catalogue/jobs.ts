import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { lessonCounts } from './lesson-queries.ts'
import { readListedAnew } from './listed-courses.ts'
import { removeThumbnail, removeUnusedThumbnail } from './remove-thumbnail.ts'
import { repairCount } from './repair-count.ts'
import { reviewSearchWords } from './review-search-words.ts'

const reviewWords = defineJob('catalogue.review-search-words', Type.Object({}))
const checkLessons = defineJob('catalogue.check-lesson-counts', Type.Object({}))
const readAnew = defineJob('catalogue.read-listed-anew', Type.Object({}))
const atOnce = 1_000

async function checkAll({ transact, log }: Deps): Promise<void> {
  for (;;) {
    const faults = await transact((tx) => repairCount(tx, { of: 'lessons', counted: lessonCounts, atOnce }))
    for (const fault of faults) log.error(fault, 'the count of the lessons of a course was wrong; repaired')
    if (faults.length < atOnce) return
  }
}

export const catalogueJobs: readonly JobHandler[] = [
  handle(removeThumbnail, removeUnusedThumbnail),
  handle(checkLessons, checkAll),
  handle(reviewWords, ({ transact }) => transact(reviewSearchWords)),
  handle(readAnew, ({ transact }) => transact(readListedAnew)),
]
export const catalogueSchedules: readonly Schedule[] = [
  { job: reviewWords, cron: '53 3 * * *' },
  { job: checkLessons, cron: '26 3 * * *' },
  { job: readAnew, cron: '57 3 * * *' },
]
