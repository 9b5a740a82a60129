import type { RefusalKind } from '../../platform/http/refusal.ts'

export const courseFree: RefusalKind = {
  status: 409,
  code: 'course_free',
  title: 'This course costs nothing: enroll in it.',
}
export const gatewayNotConfigured: RefusalKind = {
  status: 503,
  code: 'gateway_not_configured',
  title: 'This payment gateway is not configured here.',
}
export const gatewayFailed: RefusalKind = {
  status: 502,
  code: 'gateway_failed',
  title: 'The payment gateway does not answer as it should. Try again shortly.',
}
export const gatewayRefused: RefusalKind = {
  status: 502,
  code: 'gateway_refused',
  title: 'The payment gateway refuses this payment. Choose another gateway, or tell the school.',
}
/** Not an answer of ours: what a gateway says of a refund that it will never make, however often it is asked. */
export const refundRefused: RefusalKind = {
  status: 409,
  code: 'refund_refused',
  title: 'The payment gateway refuses this refund.',
}
export const paymentOver: RefusalKind = {
  status: 409,
  code: 'payment_over',
  title: 'This payment has failed, or was superseded, before its checkout was opened. Begin another one.',
}
export const invalidSignature: RefusalKind = {
  status: 400,
  code: 'invalid_signature',
  title: 'The signature does not fit what was sent, or is too old.',
}
export const paymentNotCaptured: RefusalKind = {
  status: 409,
  code: 'payment_not_captured',
  title: 'Only a payment that was captured, and not given back yet, can be refunded.',
}
export const refundTooLarge: RefusalKind = {
  status: 409,
  code: 'refund_too_large',
  title: 'This is more than is left of the payment.',
}
export const amountNotPayable: RefusalKind = {
  status: 409,
  code: 'amount_not_payable',
  title: 'The payment gateway does not take this amount in this currency. Choose another gateway.',
}
