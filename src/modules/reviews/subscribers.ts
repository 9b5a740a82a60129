import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { anonymizeReviews } from './queries.ts'

export const reviewSubscribers = [
  on(userDeleted, 'reviews.anonymize', (tx, { payload }) => anonymizeReviews(tx, payload.userId)),
]
