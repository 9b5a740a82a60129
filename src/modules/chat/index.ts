export { conversationRead, messageWaiting } from './events.ts'
export { findReachable } from './find-reachable.ts'
export { isMessageWaiting } from './message-queries.ts'
