import type { RefusalKind } from '../../platform/http/refusal.ts'

export const busy: RefusalKind = {
  status: 409,
  code: 'busy',
  title: 'The other person is in a call. They will see that you called.',
}
export const alreadyInCall: RefusalKind = {
  status: 409,
  code: 'already_in_call',
  title: 'You are in a call. End it first.',
}
export const callTaken: RefusalKind = {
  status: 409,
  code: 'call_taken',
  title: 'Another device of yours takes part in this call.',
}
export const callOver: RefusalKind = { status: 409, code: 'call_over', title: 'This call is over.' }
export const callNotActive: RefusalKind = {
  status: 409,
  code: 'call_not_active',
  title: 'This call still rings: wait until it is accepted.',
}
