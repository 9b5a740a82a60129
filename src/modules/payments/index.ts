export {
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  paymentReturned,
  refundFailed,
} from './events.ts'
export { signBody } from './simulator-signature.ts'
