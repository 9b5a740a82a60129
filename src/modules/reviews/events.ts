import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const review = Type.Object({ reviewId: Id, courseId: Id, stars: Type.Integer() })

export const reviewGiven = defineEvent('review.given', review)
export const reviewChanged = defineEvent('review.changed', review)
export const reviewRemoved = defineEvent('review.removed', review, {
  when: 'by_admin',
  subject: 'review',
  ids: ['reviewId'],
})
