import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

const Stars = Type.Integer({ minimum: 1, maximum: 5, examples: [5] })

export const Review = Type.Object({
  id: Id,
  courseId: Id,
  stars: Stars,
  rating: { ...Stars, description: 'The same as `stars`.' },
  text: Type.Optional(Type.String({ description: 'Plain text.' })),
  author: Type.Object({
    id: Type.Optional({ ...Id, description: 'Not of people who have left.' }),
    name: Type.String(),
    avatarUrl: Type.Optional(Type.String()),
  }),
  createdAt: Time,
  updatedAt: Time,
})
export type Review = Static<typeof Review>

const Count = Type.Integer({ minimum: 0 })
const Histogram = Type.Object({ 1: Count, 2: Count, 3: Count, 4: Count, 5: Count })

export const ReviewList = Type.Object({
  ...Page(Review).properties,
  rating: Type.Object({ average: Type.Number(), count: Count }),
  histogram: { ...Histogram, description: 'How many reviews have how many stars.' },
})
export type ReviewList = Static<typeof ReviewList>

export const NewReview = Closed({
  stars: Type.Optional(Stars),
  rating: Type.Optional({ ...Stars, description: 'Another name for `stars`.' }),
  text: Type.Optional(
    Type.Union([Type.String({ maxLength: 5_000, description: 'Plain text.' }), Type.Null()]),
  ),
})
export type NewReview = Static<typeof NewReview>
