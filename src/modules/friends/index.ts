export { findBlocked, isBlockedBetween } from './block-queries.ts'
export { friendAccepted, friendRemoved, friendRequested, personBlocked } from './events.ts'
export { isFriendOf, lockTwoPeople } from './queries.ts'
