import { type Static, Type } from 'typebox'
import { pageQuery } from '../../platform/http/pagination.ts'
import { Closed, Page } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { Payment, PaymentStatus } from './schemas.ts'

const course = Type.Object({ id: Id, slug: Type.String(), title: Type.String() })

const ListedPayment = Type.Object({ ...Payment.properties, course })
export type ListedPayment = Static<typeof ListedPayment>
export const PaymentList = Page(ListedPayment)

export const PersonalPaymentList = Page(
  Type.Object({
    ...ListedPayment.properties,
    person: Type.Optional(
      Type.Object(
        { id: Id, name: Type.String(), email: Type.String() },
        { description: 'Absent where they were deleted.' },
      ),
    ),
  }),
)

const Moment = (description: string) =>
  Type.Optional(
    Type.String({ format: 'date-time', maxLength: 40, description, examples: ['2026-01-31T09:30:00.000Z'] }),
  )

export const PaymentQuery = Closed({
  ...pageQuery,
  status: Type.Optional(PaymentStatus),
  gateway: Type.Optional(Payment.properties.gateway),
  from: Moment('Begun at this moment or later.'),
  to: Moment('Begun before this moment.'),
})
