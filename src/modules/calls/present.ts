import type { Config } from '../../platform/config.ts'
import { presentPerson } from '../accounts/index.ts'
import type { CallRow } from './queries.ts'
import { ringsUntil, secondsOf, toldReason } from './rules.ts'
import type { Call, CallStanding } from './schemas.ts'

/** A call as one of its two people sees it. */
export function presentCall(call: CallRow, userId: string, config: Config): Call {
  const outgoing = call.caller_id === userId
  return {
    id: call.id,
    with: presentPerson(outgoing ? call.callee : call.caller, config),
    media: call.media,
    direction: outgoing ? 'outgoing' : 'incoming',
    state: call.state,
    startedAt: call.created_at,
    ...(call.answered_at ? { answeredAt: call.answered_at } : {}),
    ...(call.ended_at ? { endedAt: call.ended_at } : {}),
    durationSeconds: secondsOf(call),
  }
}

export function presentStanding({ id, state, media, created_at }: CallRow): CallStanding {
  return {
    callId: id,
    state,
    media,
    ...(state === 'ringing' ? { expiresAt: ringsUntil(created_at) } : {}),
  }
}

export function presentIncoming(call: CallRow, config: Config) {
  return {
    callId: call.id,
    from: call.caller_id,
    user: presentPerson(call.caller, config),
    media: call.media,
    startedAt: call.created_at,
    expiresAt: ringsUntil(call.created_at),
  }
}

export function presentEnd(call: CallRow) {
  const reason = toldReason(call.end_reason ?? 'hangup', call.state)
  return { callId: call.id, reason, durationSeconds: secondsOf(call) }
}
