export { attemptSubmitted } from './events.ts'
export { findScores, type ScoreRow } from './result-queries.ts'
