export { paymentCaptured, paymentFailed, paymentRefunded, paymentReturned } from './events.ts'
export { presentPayment } from './present.ts'
export { findPayment, type PaymentRow } from './queries.ts'
