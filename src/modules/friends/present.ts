import type { Config } from '../../platform/config.ts'
import { presentPerson } from '../accounts/index.ts'
import type { BlockRow } from './block-queries.ts'
import type { SeenPair } from './queries.ts'
import type { Block, Friend, FriendRequest } from './schemas.ts'

export function presentFriend({ person, accepted_at, requested_at }: SeenPair, config: Config): Friend {
  return { user: presentPerson(person, config), since: accepted_at ?? requested_at }
}

export function presentRequest(pair: SeenPair, config: Config): FriendRequest {
  return {
    id: pair.id,
    from: pair.from_id,
    to: pair.to_id,
    user: presentPerson(pair.person, config),
    createdAt: pair.requested_at,
    ...(pair.accepted_at ? { friend: presentFriend(pair, config) } : {}),
  }
}

export function presentBlock({ person, created_at }: BlockRow, config: Config): Block {
  return { user: presentPerson(person, config), since: created_at }
}
