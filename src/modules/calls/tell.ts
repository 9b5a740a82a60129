import type { Deps } from '../../platform/deps.ts'
import { presentEnd, presentIncoming } from './present.ts'
import { accepted, declined, incoming, over } from './pushes.ts'
import type { CallRow } from './queries.ts'

/** Every device of the called person rings. */
export function tellIncoming({ sockets, config }: Deps, call: CallRow): Promise<void> {
  return sockets.push(incoming, [call.callee_id], presentIncoming(call, config))
}

/** The caller may begin; the other devices of the called person stop ringing. */
export async function tellAccepted({ sockets }: Deps, call: CallRow, by: string): Promise<void> {
  const { id: callId, media, caller_id, callee_id } = call
  await Promise.all([
    sockets.push(accepted, [caller_id], { callId, media }),
    sockets.push(over, [callee_id], { callId, reason: 'answered_elsewhere', durationSeconds: 0 }, by),
  ])
}

/** The device from which a person took their call away stops. */
export function tellMoved({ sockets }: Deps, { id: callId }: CallRow, before: string): Promise<void> {
  return sockets.pushToDevice(over, before, { callId, reason: 'moved', durationSeconds: 0 })
}

/** @param by the device that ended it, which knows */
export async function tellOver({ sockets }: Deps, call: CallRow, by?: string): Promise<void> {
  const { id: callId, caller_id, callee_id, state } = call
  if (state !== 'declined') return sockets.push(over, [caller_id, callee_id], presentEnd(call), by)
  await Promise.all([
    sockets.push(declined, [caller_id], { callId }),
    sockets.push(over, [callee_id], presentEnd(call), by),
  ])
}
