export { attemptSubmitted } from './events.ts'
export { findQuizTitle } from './quiz-queries.ts'
export { findScores, type ScoreRow } from './result-queries.ts'
