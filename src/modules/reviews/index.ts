export { reviewChanged, reviewGiven, reviewRemoved } from './events.ts'
