import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'

export const Coupon = Type.Object({
  id: Id,
  code: Type.String(),
  percentOff: Type.Optional(Type.Integer()),
  amountOff: Type.Optional(MoneySchema),
  courseId: Type.Optional(Type.String({ ...Id, description: 'Absent: for every course.' })),
  maxRedemptions: Type.Optional(Type.Integer()),
  perUser: Type.Optional(Type.Integer()),
  startsAt: Type.Optional(Time),
  endsAt: Type.Optional(Time),
  redeemed: Type.Integer({ description: 'How often it is used, payments under way included.' }),
  createdAt: Time,
})
export type Coupon = Static<typeof Coupon>
export const CouponList = Page(Coupon)

const Moment = Type.String({ format: 'date-time', maxLength: 40, examples: ['2026-01-31T09:30:00.000Z'] })
const Percent = Type.Integer({ minimum: 1, maximum: 100 })
const Count = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const orNone = <Schema extends typeof Count | typeof Moment>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

export const NewCoupon = Closed({
  code: Type.String({
    maxLength: 60,
    description: '3 to 40 of letters, digits, - and _; compared without case.',
    examples: ['SPRING-26'],
  }),
  percentOff: Type.Optional(Percent),
  amountOff: Type.Optional(MoneySchema),
  courseId: Type.Optional(Id),
  maxRedemptions: Type.Optional(Count),
  perUser: Type.Optional(Count),
  startsAt: Type.Optional(Moment),
  endsAt: Type.Optional(Moment),
})
export type NewCoupon = Static<typeof NewCoupon>

export const CouponChange = Closed(
  {
    percentOff: Type.Optional(Percent),
    amountOff: Type.Optional(MoneySchema),
    maxRedemptions: orNone(Count),
    perUser: orNone(Count),
    startsAt: orNone(Moment),
    endsAt: orNone(Moment),
  },
  { minProperties: 1 },
)
export type CouponChange = Static<typeof CouponChange>
