import { on, type Subscriber } from '../../platform/events/events.ts'
import { userCreated, userRegistered } from './events.ts'
import { offerVerification } from './offer-verification.ts'

export const accountSubscribers: readonly Subscriber[] = [
  on(userRegistered, 'accounts.verify-registered', (tx, { payload, at }) =>
    offerVerification(tx, { userId: null, at }, { userId: payload.userId }),
  ),
  // Who was invited proves the address by choosing a password.
  on(userCreated, 'accounts.verify-created', async (tx, { payload, at }) => {
    if (!payload.invited) await offerVerification(tx, { userId: null, at }, { userId: payload.userId })
  }),
]
