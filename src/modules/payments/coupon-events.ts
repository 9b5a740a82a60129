import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const coupon = Type.Object({ couponId: Id })

export const couponCreated = defineEvent('coupon.created', coupon)
export const couponChanged = defineEvent('coupon.changed', coupon)
