import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import type { Schedule } from '../../platform/jobs/jobs.ts'
import { isAtWork, queueScheduled } from '../../platform/jobs/schedules.ts'
import { jobRunning } from './errors.ts'
import { jobRequested } from './events.ts'

/** Queues a run of a scheduled job, unless one is at work. One that begins in this moment is waited for by the queue. */
export async function runSchedule(tx: Tx, actor: Actor, { job }: Schedule): Promise<void> {
  if (await isAtWork(tx, job)) throw refuse(jobRunning)
  await queueScheduled(tx, job, {})
  await publish(tx, jobRequested, { name: job.name }, actor)
}
