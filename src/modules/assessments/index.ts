export { findScores, type ScoreRow } from './result-queries.ts'
export { saveQuiz } from './save-quiz.ts'
export type { NewQuiz } from './schemas.ts'
