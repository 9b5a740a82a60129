import type { Config } from '../../platform/config.ts'
import { avatarUrl } from '../accounts/index.ts'
import type { RatingRow } from '../catalogue/index.ts'
import type { ReviewRow } from './queries.ts'
import type { Review, ReviewList } from './schemas.ts'

export function presentReview(review: ReviewRow, config: Config): Review {
  return {
    id: review.id,
    courseId: review.course_id,
    stars: review.stars,
    rating: review.stars,
    ...(review.text === null ? {} : { text: review.text }),
    author: presentAuthor(review.author, config),
    createdAt: review.created_at,
    updatedAt: review.updated_at,
  }
}

function presentAuthor(author: ReviewRow['author'], config: Config): Review['author'] {
  if (!author) return { name: 'Deleted user' }
  const { id, name, avatar_key: key } = author
  return { id, name, ...(key ? { avatarUrl: avatarUrl(id, key, config) } : {}) }
}

export function presentRating({
  average,
  count,
  stars,
}: RatingRow & { stars: readonly number[] }): Pick<ReviewList, 'rating' | 'histogram'> {
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = stars
  return { rating: { average, count }, histogram: { 1: one, 2: two, 3: three, 4: four, 5: five } }
}
