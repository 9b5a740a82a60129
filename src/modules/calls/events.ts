import { Type } from 'typebox'
import { defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const call = { callId: Id, from: Id, to: Id }

export const callStarted = defineUnheardEvent('call.started', Type.Object({ ...call, media: Type.String() }))
export const callAnswered = defineUnheardEvent('call.answered', Type.Object(call))
export const callDeclined = defineUnheardEvent('call.declined', Type.Object(call))
/** Nobody took it: the time was up, the caller gave up or is gone, or the called person was in another call. Not for a block. */
export const callMissed = defineEvent('call.missed', Type.Object({ ...call, reason: Type.String() }))
/** An active call came to its end. */
export const callEnded = defineUnheardEvent(
  'call.ended',
  Type.Object({ ...call, reason: Type.String(), seconds: Type.Integer() }),
)
