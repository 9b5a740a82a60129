export { readOutline } from './read-outline.ts'
export { recordProgress } from './record-progress.ts'
