import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'

/** Queued with an attempt that has a deadline, for the moment after which nothing is taken any more. */
export const expireAttemptJob = defineJob('assessments.expire-attempt', Type.Object({ attemptId: Id }))
