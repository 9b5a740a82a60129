import { type TObject, type TProperties, type TSchema, Type } from 'typebox'
import type { HeardEvent } from '../../platform/events/events.ts'
import { Time } from '../../platform/http/schemas.ts'
import { serializerOf } from '../../platform/http/serialize.ts'
import { Id } from '../../platform/ids.ts'
import {
  userCreated,
  userDeleted,
  userRegistered,
  userRestored,
  userRoleChanged,
  userSuspended,
  userUpdated,
} from '../accounts/index.ts'
import { attemptSubmitted } from '../assessments/index.ts'
import {
  courseArchived,
  courseChanged,
  courseCreated,
  courseDeleted,
  courseHiddenEvent,
  coursePublished,
  courseRestored,
  courseShown,
  courseUnpublished,
  lessonAdded,
  lessonChanged,
  lessonRemoved,
} from '../catalogue/index.ts'
import { certificateIssued, certificateRevokedEvent } from '../certificates/index.ts'
import {
  enrollmentActivated,
  enrollmentCancelled,
  enrollmentCompleted,
  enrollmentCreated,
} from '../enrollments/index.ts'
import { lessonCompleted, progressReset } from '../learning/index.ts'
import {
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  paymentReturned,
  refundFailed,
} from '../payments/index.ts'
import { reviewChanged, reviewGiven, reviewRemoved } from '../reviews/index.ts'

/** An event that may leave, and what of it. */
export interface PublicEvent {
  readonly type: string
  /** When it happens, for people. */
  readonly says: string
  /** What leaves of its payload, and nothing else. */
  readonly data: TObject
}

/** Fields are named one by one: what an event gains for our own use stays here until somebody lets it out. */
function open<Properties extends TProperties>(
  { type, payload }: HeardEvent<TObject<Properties>>,
  fields: readonly (keyof Properties & string)[],
  says: string,
): PublicEvent {
  const chosen = fields.map((field): [string, TSchema] => [field, payload.properties[field] as TSchema])
  return { type, says, data: Type.Object(Object.fromEntries(chosen)) }
}

const enrollment = ['enrollmentId', 'courseId', 'userId'] as const
const payment = ['paymentId', ...enrollment] as const
const refund = [...payment, 'refundId', 'amount'] as const
const course = ['courseId'] as const
const lesson = ['courseId', 'lessonId'] as const
const review = ['reviewId', 'courseId', 'stars'] as const
const certificate = ['certificateId', ...enrollment] as const
const user = ['userId'] as const

/** All that other programs may be told. Ids and facts: what is behind an id is read by whoever may read it. */
export const publicEvents: readonly PublicEvent[] = [
  open(userRegistered, user, 'somebody made an account'),
  open(userCreated, ['userId', 'role'], 'an admin made an account for somebody'),
  open(userUpdated, ['userId', 'fields'], 'fields of a profile changed: which, not to what'),
  open(userRoleChanged, ['userId', 'from', 'to'], 'an admin changed a role'),
  open(userSuspended, user, 'an account was suspended'),
  open(userRestored, user, 'a suspended account may be used again'),
  open(userDeleted, user, 'an account was deleted: erase what you hold of the person'),
  open(courseCreated, course, 'a course was begun, as a draft'),
  open(courseChanged, course, 'what a course says of itself, or its price, changed'),
  open(coursePublished, course, 'a course was published'),
  open(courseUnpublished, course, 'a course went back to being a draft'),
  open(courseHiddenEvent, course, 'an admin hid a course'),
  open(courseShown, course, 'a hidden course is shown again'),
  open(courseArchived, course, 'a course was archived'),
  open(courseRestored, course, 'an archived course was brought back'),
  open(courseDeleted, course, 'a course was deleted'),
  open(lessonAdded, lesson, 'a lesson was added'),
  open(lessonChanged, lesson, 'a lesson changed'),
  open(lessonRemoved, lesson, 'a lesson was removed'),
  open(enrollmentCreated, enrollment, 'an enrollment began: active in a free course, pending in a paid one'),
  open(enrollmentActivated, enrollment, 'somebody was given access'),
  open(enrollmentCompleted, enrollment, 'somebody completed a course'),
  open(enrollmentCancelled, enrollment, 'an enrollment ended, and the access with it'),
  open(paymentCaptured, [...payment, 'amount'], 'money came in full, and access was given'),
  open(paymentFailed, [...payment, 'reason'], 'a payment failed, expired or was superseded'),
  open(paymentRefunded, [...refund, 'full'], 'money of a payment went back'),
  open(refundFailed, refund, 'the gateway will not give money back: somebody has to'),
  open(paymentReturned, [...refund, 'reason'], 'money that pays for nothing is on its way back'),
  open(lessonCompleted, [...enrollment, 'lessonId'], 'somebody completed a lesson'),
  open(progressReset, enrollment, 'somebody began a course anew'),
  open(
    attemptSubmitted,
    ['attemptId', 'quizId', ...enrollment, 'expired', 'scorePercent', 'passed'],
    'an attempt at a quiz or an exam was closed and graded',
  ),
  open(certificateIssued, certificate, 'a certificate was issued'),
  open(certificateRevokedEvent, certificate, 'a certificate was revoked'),
  open(reviewGiven, review, 'a course was reviewed'),
  open(reviewChanged, review, 'a review changed'),
  open(reviewRemoved, review, 'a review was removed'),
]

/** What an admin sends to see whether it arrives. It passes every filter. */
export const testEvent: PublicEvent = {
  type: 'webhook.test',
  says: 'an admin asked for a test',
  data: Type.Object({ endpointId: Id }),
}

export const publicTypes: readonly string[] = publicEvents.map(({ type }) => type)

/** What of a payload leaves. */
export function publicData({ data }: PublicEvent, payload: unknown): Record<string, unknown> {
  return JSON.parse(serializerOf(data)(payload)) as Record<string, unknown>
}

const envelope = {
  id: Type.String({
    ...Id,
    description: 'Of the event: the same at every attempt, and the header `webhook-id`.',
  }),
  timestamp: Type.Unsafe<Date>({ ...Time, description: 'When it happened.' }),
}

/** The body of a request. */
export interface Message {
  readonly id: string
  readonly type: string
  readonly timestamp: Date
  readonly data: unknown
}

export function messageOf({ type, data }: PublicEvent): TObject {
  return Type.Object({ id: envelope.id, type: Type.Literal(type), timestamp: envelope.timestamp, data })
}
