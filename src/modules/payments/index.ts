export {
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  paymentReturned,
  refundFailed,
} from './events.ts'
export { readMoment } from './read-moment.ts'
export { signBody } from './simulator-signature.ts'
