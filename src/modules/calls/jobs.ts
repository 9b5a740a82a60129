import { handle, type JobHandler } from '../../platform/jobs/jobs.ts'
import { expireCall } from './expire-call.ts'
import { findCall } from './queries.ts'
import { expire, tellEnd } from './queued.ts'
import { tellOver } from './tell.ts'

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
]
