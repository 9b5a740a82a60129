export { messageWaiting } from './events.ts'
export { findReachable } from './find-reachable.ts'
