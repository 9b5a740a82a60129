import { defineSocketPush } from '../../platform/realtime/contract.ts'
import { AcceptedCall, IncomingCall, OverCall, RelayedSignal, WhichCall } from './schemas.ts'

export const incoming = defineSocketPush('call:incoming', 'Somebody calls: every device rings', IncomingCall)
export const accepted = defineSocketPush(
  'call:accepted',
  'The called person took the call: the calling device makes its offer now',
  AcceptedCall,
)
export const declined = defineSocketPush('call:declined', 'The called person declined', WhichCall)
export const over = defineSocketPush(
  'call:ended',
  'A call is over for this device: stop ringing, or close the connection',
  OverCall,
)
export const signal = defineSocketPush(
  'call:signal',
  'From the other device of an active call, and to the device that takes part in it only',
  RelayedSignal,
)
