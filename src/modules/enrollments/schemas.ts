import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

export const EnrollmentStatus = Type.Enum(['pending', 'active', 'completed', 'cancelled'])

export const Enrollment = Type.Object({
  id: Id,
  courseId: Id,
  userId: Id,
  status: EnrollmentStatus,
  createdAt: Time,
  activatedAt: Type.Optional(Time),
  completedAt: Type.Optional(Time),
  cancelledAt: Type.Optional(Time),
  course: Type.Object({ id: Id, slug: Type.String(), title: Type.String() }),
})
export type Enrollment = Static<typeof Enrollment>
export const EnrollmentList = Page(Enrollment)

export const NewEnrollment = Closed({ courseId: Id })

export const NewGrant = Closed({
  userId: Type.Optional(Id),
  email: Type.Optional(Type.String({ minLength: 1, maxLength: 320, examples: ['asha@example.org'] })),
})
export type NewGrant = Static<typeof NewGrant>

const ImportOutcome = Type.Object({
  line: Type.Integer({ description: 'Of the file, counted from 1.' }),
  email: Type.String(),
  outcome: Type.Enum(['enrolled', 'already_enrolled', 'unknown_person', 'invalid']),
  message: Type.Optional(Type.String()),
})
export type ImportOutcome = Static<typeof ImportOutcome>
const ImportTotals = Type.Object({
  lines: Type.Integer(),
  enrolled: Type.Integer(),
  alreadyEnrolled: Type.Integer(),
  unknownPerson: Type.Integer(),
  invalid: Type.Integer(),
})
export type ImportTotals = Static<typeof ImportTotals>
/** It is streamed, so the type of what a handler gives is not this one. */
export const ImportReport = Type.Unsafe<unknown>(
  Type.Object({ rows: Type.Array(ImportOutcome), totals: ImportTotals }),
)

export const IdempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description: 'Of your making: a request that is sent again with it is answered as the first.',
    }),
  ),
})

export const EnrollmentStanding = Type.Object({
  enrolled: Type.Boolean({ description: 'May use the course: active or completed.' }),
  status: Type.Union([EnrollmentStatus, Type.Null()], { description: 'Of the last enrollment; null: none.' }),
  purchased: Type.Boolean({
    description: 'Paid for, and not given back: who gave the course up gets it back for nothing.',
  }),
})
export type EnrollmentStanding = Static<typeof EnrollmentStanding>
