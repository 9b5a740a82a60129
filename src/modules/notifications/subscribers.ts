import { on, type Subscriber } from '../../platform/events/events.ts'
import {
  identityLinked,
  passwordChanged,
  sessionOpened,
  userDeleted,
  userRoleChanged,
  userUpdated,
} from '../accounts/index.ts'
import { attemptSubmitted } from '../assessments/index.ts'
import { callMissed } from '../calls/index.ts'
import { courseHiddenEvent, coursePublished, courseShown, lessonAdded } from '../catalogue/index.ts'
import { certificateIssued } from '../certificates/index.ts'
import { conversationRead, messageWaiting } from '../chat/index.ts'
import { enrollmentActivated, enrollmentCancelled } from '../enrollments/index.ts'
import { friendAccepted, friendRequested } from '../friends/index.ts'
import { guardianRemoved } from '../guardians/index.ts'
import { paymentCaptured, paymentFailed, paymentRefunded, paymentReturned } from '../payments/index.ts'
import { moveDigest } from './change-preferences.ts'
import { tellModerated, tellPublished } from './course-notices.ts'
import { tellEnrolled, tellEnrollmentEnded } from './enrollment-notices.ts'
import { eraseReader } from './erase-reader.ts'
import { forgetChildren } from './forget-children.ts'
import { tellMoney, tellPaymentFailed } from './payment-notices.ts'
import {
  noteWaitingMessage,
  tellFriendAccepted,
  tellFriendRequested,
  tellMissedCall,
} from './people-notices.ts'
import { quietConversation } from './quiet-conversation.ts'
import { tellIdentityLinked, tellPasswordChanged, tellSignIn } from './security-notices.ts'
import { tellCertified, tellResult } from './study-notices.ts'
import { noteLesson } from './tell-lesson-news.ts'

export const notificationSubscribers: readonly Subscriber[] = [
  on(enrollmentActivated, 'notifications.enrolled', tellEnrolled),
  on(enrollmentCancelled, 'notifications.enrollment-ended', tellEnrollmentEnded),
  on(paymentCaptured, 'notifications.paid', (tx, fact) => tellMoney(tx, fact, 'captured')),
  on(paymentFailed, 'notifications.payment-failed', tellPaymentFailed),
  on(paymentRefunded, 'notifications.refunded', (tx, fact) => tellMoney(tx, fact, 'refunded')),
  on(paymentReturned, 'notifications.returned', (tx, fact) => tellMoney(tx, fact, 'returned')),
  on(coursePublished, 'notifications.published', tellPublished),
  on(courseHiddenEvent, 'notifications.hidden', (tx, fact) => tellModerated(tx, fact, fact.payload.reason)),
  on(courseShown, 'notifications.shown', (tx, fact) => tellModerated(tx, fact, null)),
  on(lessonAdded, 'notifications.lesson-added', noteLesson),
  on(certificateIssued, 'notifications.certified', tellCertified),
  on(attemptSubmitted, 'notifications.result', tellResult),
  on(friendRequested, 'notifications.friend-requested', tellFriendRequested),
  on(friendAccepted, 'notifications.friend-accepted', tellFriendAccepted),
  on(messageWaiting, 'notifications.message-waiting', noteWaitingMessage),
  on(conversationRead, 'notifications.conversation-read', quietConversation),
  on(callMissed, 'notifications.call-missed', tellMissedCall),
  on(passwordChanged, 'notifications.password-changed', tellPasswordChanged),
  on(sessionOpened, 'notifications.sign-in', tellSignIn),
  on(identityLinked, 'notifications.identity-linked', tellIdentityLinked),
  on(userUpdated, 'notifications.move-digest', async (tx, { payload, userId, at }) => {
    if (payload.fields.includes('timezone')) await moveDigest(tx, { userId, at }, payload.userId)
  }),
  on(guardianRemoved, 'notifications.forget-child', (tx, { payload }) =>
    forgetChildren(tx, payload.parentId),
  ),
  on(userRoleChanged, 'notifications.forget-children', (tx, { payload }) =>
    forgetChildren(tx, payload.userId),
  ),
  on(userDeleted, 'notifications.erase-reader', (tx, { payload }) => eraseReader(tx, payload.userId)),
]
