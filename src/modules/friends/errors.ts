import type { RefusalKind } from '../../platform/http/refusal.ts'

export const alreadyFriends: RefusalKind = {
  status: 409,
  code: 'already_friends',
  title: 'You are friends already.',
}
