import type { Static } from 'typebox'
import type { Db } from '../../platform/database/database.ts'
import type { JobHandler, Schedule } from '../../platform/jobs/jobs.ts'
import { findJobStates, type JobState } from '../../platform/jobs/runs.ts'
import { nextTick } from '../../platform/jobs/schedules.ts'
import { countedDays, earlierOf } from './rules.ts'
import type { JobKind } from './schemas.ts'

interface Kind {
  readonly name: string
  readonly schedule: string | null
}

/** What there is to list, in the order of the list: schedules first, each by name. */
export function jobKinds(work: {
  handlers: readonly JobHandler[]
  schedules: readonly Schedule[]
}): readonly Kind[] {
  const crons = new Map(work.schedules.map(({ job, cron }) => [job.name, cron]))
  return work.handlers
    .map(({ job: { name } }) => ({ name, schedule: crons.get(name) ?? null }))
    .toSorted((a, b) => (keyOfKind(a) < keyOfKind(b) ? -1 : 1))
}

export function keyOfKind({ name, schedule }: Kind): string {
  return `${schedule === null ? 'queued' : 'clocked'} ${name}`
}

export function isJobKey(value: unknown): value is string {
  return typeof value === 'string'
}

/** How these kinds of jobs stand. */
export async function listJobs(db: Db, kinds: readonly Kind[], at: Date): Promise<Static<typeof JobKind>[]> {
  const since = new Date(at.getTime() - countedDays * 86_400_000)
  const states = await findJobStates(db, { names: kinds.map(({ name }) => name), since })
  const byName = new Map(states.map((state) => [state.name, state]))
  return kinds.flatMap((kind) => {
    const state = byName.get(kind.name)
    return state ? [present(kind, state, at)] : []
  })
}

function present({ name, schedule }: Kind, state: JobState, at: Date): Static<typeof JobKind> {
  const { last_at, last_ms, last_error, runs, failures, waiting, running, dead, due_at } = state
  const nextRun = earlierOf(schedule === null ? null : nextTick(schedule, at), due_at)
  const error = last_error === null ? {} : { error: last_error }
  return {
    name,
    ...(schedule === null ? {} : { schedule }),
    ...(last_at === null
      ? {}
      : { lastRun: { at: last_at, durationMs: last_ms ?? 0, ok: last_error === null, ...error } }),
    ...(nextRun === null ? {} : { nextRun }),
    runs,
    failures,
    waiting,
    running,
    dead,
  }
}
