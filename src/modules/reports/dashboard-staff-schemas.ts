import { type Static, Type } from 'typebox'
import { Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { PersonSummary } from '../accounts/index.ts'

const Count = Type.Integer({ minimum: 0 })
const Percent = Type.Integer({
  minimum: 0,
  maximum: 100,
  description: 'Rounded down; 0 where nobody is in it.',
})
const Currency = Type.String({ pattern: '^[A-Z]{3}$', examples: ['INR'] })

export const UserCounts = Type.Object(
  {
    total: Count,
    byRole: Type.Object({ student: Count, instructor: Count, parent: Count, admin: Count }),
    byStatus: Type.Object({ active: Count, suspended: Count }),
  },
  { description: 'Who has deleted their account is no user any more.' },
)

export const CourseCounts = Type.Object({ total: Count, draft: Count, published: Count, archived: Count })

export const EnrollmentCounts = Type.Object({
  total: Count,
  pending: Count,
  active: Count,
  completed: Count,
  cancelled: Count,
})

const Net = Type.Object({
  amount: Type.Integer({
    description: 'What came and stayed, in minor units: what was given back is taken off.',
  }),
  currency: Currency,
})

export const Revenue = Type.Array(
  Type.Object({
    ...Net.properties,
    refunded: Type.Integer({ minimum: 0, description: 'What was given back.' }),
    thisMonth: Type.Integer({ description: 'What came this month less what went back: may be below zero.' }),
  }),
  { description: 'For each currency in which anything was ever paid.' },
)

export const Rating = Type.Object({
  average: Type.Number({ description: 'Stars, to two places; 0 where nobody has reviewed.' }),
  count: Count,
})

export const TaughtCourse = Type.Object({
  course: Type.Object({ id: Id, slug: Type.String(), title: Type.String() }),
  status: Type.Enum(['draft', 'published', 'archived']),
  role: Type.Enum(['lead', 'assistant']),
  enrollments: EnrollmentCounts,
  completionPercent: { ...Percent, description: 'Of those active or completed, how many have completed it.' },
  averageProgressPercent: {
    ...Percent,
    description:
      'Completed lessons of those there are, over all active or completed; the latter count in full.',
  },
  activeStudents: { ...Count, description: 'In the last 30 days.' },
  revenue: Type.Array(Net),
  rating: Rating,
})
export type TaughtCourse = Static<typeof TaughtCourse>

export const Instructor = Type.Object({
  instructor: PersonSummary,
  courses: CourseCounts,
  enrollments: EnrollmentCounts,
  newEnrollments: { ...Count, description: 'That became active in the last 30 days.' },
  revenue: Type.Array(Net),
  lastChangeAt: { ...Time, description: 'When a course of theirs was last changed.' },
})
export type Instructor = Static<typeof Instructor>
