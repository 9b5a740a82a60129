export { paymentCaptured, paymentFailed, paymentRefunded, paymentReturned } from './events.ts'
