import type { Deps } from '../../platform/deps.ts'
import type { Person } from '../accounts/factory.ts'
import { actorFor } from '../catalogue/factory.ts'
import { requestFriend } from './request-friend.ts'

/** For tests: makes two people friends. */
export async function makeFriends(deps: Deps, one: Person, other: Person): Promise<void> {
  await deps.transact(async (tx) => {
    await requestFriend(tx, actorFor(one, deps), other.id)
    await requestFriend(tx, actorFor(other, deps), one.id)
  })
}
