import type { RefusalKind } from '../../platform/http/refusal.ts'

export const alreadyEnrolled: RefusalKind = {
  status: 409,
  code: 'already_enrolled',
  title: 'You are enrolled in this course.',
}
export const enrollmentClosed: RefusalKind = {
  status: 409,
  code: 'enrollment_completed',
  title: 'The course is completed: that cannot be cancelled.',
}
