export { attemptSubmitted } from './events.ts'
export { findResults, type ResultRow } from './result-queries.ts'
