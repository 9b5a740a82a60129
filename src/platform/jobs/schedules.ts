import { type ParsedCronItem, parseCronItem, parseCronItems } from 'graphile-worker'
import { sql } from 'kysely'
import type { Static, TSchema } from 'typebox'
import type { Tx } from '../database/database.ts'
import { addJob, type Job, type Schedule } from './jobs.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const minutesADay = 24 * 60
const longestDays = 366

/**
 * What graphile-worker starts by the clock. The queue and the key are the job's own: over all nodes one run is at work and one waits at
 * most, so that a run that takes longer than to the next tick is neither doubled nor piled up.
 */
export function cronItems(schedules: readonly Schedule[]): ParsedCronItem[] {
  return parseCronItems(
    schedules.map(({ job, cron, madeGoodWithinHours = 0 }) => ({
      task: job.name,
      match: cron,
      options: {
        maxAttempts: job.maxAttempts,
        queueName: job.name,
        jobKey: job.name,
        backfillPeriod: madeGoodWithinHours * hourMs,
      },
    })),
  )
}

/**
 * The next tick of a schedule: the first whole minute after a moment that the pattern fits.
 * @param cron five fields in UTC
 * @returns null where there is none within a year, such as for 30 February
 */
export function nextTick(cron: string, after: Date): Date | null {
  const { match } = parseCronItem({ task: 'any', match: cron })
  const first = Math.floor(after.getTime() / minuteMs) + 1
  const firstDay = Math.floor(first / minutesADay)
  for (let day = firstDay; day <= firstDay + longestDays; day++) {
    const midnight = new Date(day * minutesADay * minuteMs)
    const date = midnight.getUTCDate()
    const month = midnight.getUTCMonth() + 1
    const dow = midnight.getUTCDay()
    for (let of = day === firstDay ? first % minutesADay : 0; of < minutesADay; of++)
      if (match({ min: of % 60, hour: Math.floor(of / 60), date, month, dow }))
        return new Date(midnight.getTime() + of * minuteMs)
  }
  return null
}

/** Queues a run of a scheduled job for now; the one that waits, if one does, is the one. */
export function queueScheduled<Payload extends TSchema>(
  tx: Tx,
  job: Job<Payload>,
  payload: Static<Payload>,
): Promise<void> {
  return addJob(tx, job, payload, { key: job.name, queue: job.name })
}

/** Whether a run of a job is at work at this moment, on any node. */
export async function isAtWork(tx: Tx, job: Job): Promise<boolean> {
  const { rows } = await sql`
    select from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    where tasks.identifier = ${job.name} and jobs.locked_at is not null limit 1`.execute(tx)
  return rows.length > 0
}
