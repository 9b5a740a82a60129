export { attemptSubmitted } from './events.ts'
export { findResults, type ResultRow } from './result-queries.ts'
export { saveQuiz } from './save-quiz.ts'
export type { NewQuiz } from './schemas.ts'
