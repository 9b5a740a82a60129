import type { RefusalKind } from '../../platform/http/refusal.ts'

export const couponTaken: RefusalKind = {
  status: 409,
  code: 'coupon_taken',
  title: 'There is a coupon with this code.',
}
export const couponExhausted: RefusalKind = {
  status: 409,
  code: 'coupon_exhausted',
  title: 'This coupon has been used as often as it may be.',
}
