export { attemptSubmitted } from './events.ts'
