export { callMissed } from './events.ts'
