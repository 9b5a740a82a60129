export { certificateIssued } from './events.ts'
