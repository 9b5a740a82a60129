import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { CallMedia } from '../../platform/database/schema.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { findReachable } from '../chat/index.ts'
import { acceptCall } from './accept-call.ts'
import { alreadyInCall } from './errors.ts'
import { callMissed, callStarted } from './events.ts'
import { expireCall } from './expire-call.ts'
import { type CallRow, insertBusyCall, insertCall, lockLiveCallsOf } from './queries.ts'
import { expire, tellEnd } from './queued.ts'
import { answerToInvite, ringsUntil } from './rules.ts'

export interface Invited {
  /** `crossed`: the other had called first, and that call is accepted. `same`: this device's call rings already. */
  readonly outcome: 'rings' | 'crossed' | 'same' | 'busy'
  readonly call: CallRow
}

// Each turn of it ends a call that is overdue, or finds that another has just ended.
const mostTurns = 5

/** Calls somebody. That they are busy is an outcome, since it is kept as a call that they missed. */
export async function invite(
  tx: Tx,
  actor: Actor,
  wish: { to: string; media: CallMedia; socketId: string },
): Promise<Invited> {
  const { to, media, socketId } = wish
  const { userId: from, at } = actor
  if (to === from) throw badField('/to', 'is yourself')
  if (!(await findReachable(tx, actor, [to])).has(to)) throw refuse(notFound)
  const people = { from, to, media }
  for (let turn = 0; turn < mostTurns; turn++) {
    const call = await insertCall(tx, people, { socketId, at })
    if (call) {
      await addJob(tx, expire, { callId: call.id }, { runAt: ringsUntil(at) })
      await publish(tx, callStarted, { callId: call.id, from, to, media }, actor)
      return { outcome: 'rings', call }
    }
    const answer = answerToInvite({ from, to, socketId, at }, await lockLiveCallsOf(tx, [from, to]))
    switch (answer.outcome) {
      case 'overdue':
        await expireCall(tx, actor, answer.call.id)
        await addJob(tx, tellEnd, { callId: answer.call.id })
        break
      case 'crossing': {
        const { call } = await acceptCall(tx, actor, { callId: answer.call.id, socketId })
        return { outcome: 'crossed', call }
      }
      case 'same':
        return { outcome: 'same', call: answer.call }
      case 'busy': {
        const missed = await insertBusyCall(tx, people, at)
        await publish(tx, callMissed, { callId: missed.id, from, to, reason: 'busy' }, actor)
        return { outcome: 'busy', call: missed }
      }
      case 'already_in_call':
        throw refuse(alreadyInCall)
    }
  }
  throw new Error('The two are free and not free.')
}
