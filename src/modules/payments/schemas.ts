import { type Static, Type } from 'typebox'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'
import { Enrollment } from '../enrollments/index.ts'

export const PaymentStatus = Type.Enum(['pending', 'captured', 'failed', 'refunded'])
export const GatewayName = Type.Enum(['stripe', 'razorpay', 'simulator'])

export const Payment = Type.Object({
  id: Id,
  courseId: Id,
  enrollmentId: Id,
  userId: Id,
  gateway: Type.Enum(['stripe', 'razorpay', 'simulator', 'coupon'], {
    description: '`coupon`: nothing was left to pay.',
  }),
  status: PaymentStatus,
  amount: MoneySchema,
  discount: Type.Optional({ ...MoneySchema, description: 'What a coupon took off.' }),
  refunded: MoneySchema,
  failureReason: Type.Optional(
    Type.String({
      description: '`superseded`, `expired`, `declined`, `amount_mismatch`, or the gateway’s own words.',
    }),
  ),
  createdAt: Time,
  capturedAt: Type.Optional(Time),
})
export type Payment = Static<typeof Payment>

const RefundStatus = Type.Enum(['requested', 'done', 'failed'], {
  description:
    '`failed`: the gateway refuses, or more was asked for than is left; the money can be asked for again.',
})

const refundFields = {
  id: Id,
  amount: MoneySchema,
  captureReference: Type.String({ description: 'The gateway’s own name of the money that goes back.' }),
  verdict: Type.Enum(
    ['pays', 'amount_mismatch', 'captured_twice', 'paid_twice', 'student_gone', 'coupon_exhausted'],
    { description: 'What that money was: `pays`, access rested on it; otherwise why it paid for nothing.' },
  ),
  status: RefundStatus,
  reason: Type.Optional(Type.String()),
  createdAt: Time,
  doneAt: Type.Optional(Time),
}

export const PaymentWithRefunds = Type.Object({
  ...Payment.properties,
  refunds: Type.Array(Type.Object(refundFields), {
    description: 'What went back, or is to go back, the oldest first.',
  }),
})
export type PaymentWithRefunds = Static<typeof PaymentWithRefunds>

export const Checkout = Type.Union([
  Type.Object({ type: Type.Literal('redirect'), url: Type.String() }),
  Type.Object({
    type: Type.Literal('razorpay'),
    orderId: Type.String(),
    keyId: Type.String(),
    amount: Type.Integer(),
    currency: Type.String(),
  }),
])

export const NewPayment = Closed({
  courseId: Id,
  gateway: Type.Optional(
    Type.String({
      maxLength: 50,
      description: '`stripe`, `razorpay` or `simulator`; unset: the preferred one.',
    }),
  ),
  coupon: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})

export const CreatedPayment = Type.Object({
  payment: Payment,
  checkout: Type.Optional({ ...Checkout, description: 'Missing where nothing is left to pay.' }),
})
export type CreatedPayment = Static<typeof CreatedPayment>

export const Gateways = Type.Object({
  gateways: Type.Array(
    Type.Object({
      name: GatewayName,
      publicKey: Type.Union([Type.String(), Type.Null()], {
        description: 'What the front end shows the gateway; null where it needs none.',
      }),
    }),
  ),
})

export const CheckoutProof = Closed({
  razorpay_order_id: Type.String({ minLength: 1, maxLength: 100 }),
  razorpay_payment_id: Type.String({ minLength: 1, maxLength: 100 }),
  razorpay_signature: Type.String({ minLength: 1, maxLength: 200 }),
})

export const VerifiedPayment = Type.Object({ payment: Payment, enrollment: Enrollment })

export const NewRefund = Closed({
  amount: Type.Optional({ ...MoneySchema, description: 'Unset: all that is left.' }),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
})

export const Refund = Type.Object({ ...refundFields, paymentId: Id })
export type Refund = Static<typeof Refund>

export const Received = Type.Object({ received: Type.Literal(true) })

export const SimulatedOutcome = Closed({
  outcome: Type.Enum(['paid', 'declined']),
  delaySeconds: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 86_400, description: 'The webhook is sent so much later.' }),
  ),
  duplicates: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10, description: 'The webhook is sent so many times more.' }),
  ),
})
