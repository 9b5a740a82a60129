export { isBlockedBetween } from './block-queries.ts'
export { friendAccepted, friendRemoved, friendRequested, personBlocked, personUnblocked } from './events.ts'
export { isFriendOf } from './queries.ts'
