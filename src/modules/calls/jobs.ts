import type { Deps } from '../../platform/deps.ts'
import { handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { endLostCall } from './end-lost-call.ts'
import { expireCall } from './expire-call.ts'
import { deleteOldCalls, findAbandoned, findCall } from './queries.ts'
import { cleanUp, endAbandoned, endLost, expire, tellEnd } from './queued.ts'
import { abandonedAfterSeconds, keptDays, longestHours, lostAfterSeconds } from './rules.ts'
import { tellOver } from './tell.ts'

const atOnce = 5_000

export const callJobs: readonly JobHandler[] = [
  handle(expire, async (deps, { callId }) => {
    const cause = { userId: null, at: deps.clock.now() }
    const missed = await deps.transact((tx) => expireCall(tx, cause, callId))
    if (missed) await tellOver(deps, missed)
  }),
  handle(tellEnd, async (deps, { callId }) => {
    const call = await findCall(deps.db, callId)
    if (call?.ended_at) await tellOver(deps, call)
  }),
  handle(endLost, (deps, { callId }) => endIfLost(deps, { callId, afterSeconds: lostAfterSeconds })),
  handle(endAbandoned, async (deps) => {
    const now = deps.clock.now().getTime()
    const before = {
      seenAt: new Date(now - abandonedAfterSeconds * 1_000),
      startedAt: new Date(now - longestHours * 3_600_000),
    }
    for (const callId of await findAbandoned(deps.db, before))
      await endIfLost(deps, { callId, afterSeconds: abandonedAfterSeconds })
  }),
  handle(cleanUp, async ({ transact, clock }) => {
    const before = new Date(clock.now().getTime() - keptDays * 86_400_000)
    while ((await transact((tx) => deleteOldCalls(tx, { before, limit: atOnce }))) === atOnce);
  }),
]

export const callSchedules: readonly Schedule[] = [
  { job: endAbandoned, cron: '* * * * *' },
  { job: cleanUp, cron: '47 3 * * *' },
]

async function endIfLost(deps: Deps, lost: { callId: string; afterSeconds: number }): Promise<void> {
  const cause = { userId: null, at: deps.clock.now() }
  const ended = await deps.transact((tx) => endLostCall(tx, cause, lost))
  if (ended) await tellOver(deps, ended)
}
