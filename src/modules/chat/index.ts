export { findReachable } from './find-reachable.ts'
