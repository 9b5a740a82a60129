import type { RefusalKind } from '../../platform/http/refusal.ts'

export const notEnrolled: RefusalKind = {
  status: 403,
  code: 'not_enrolled',
  title: 'This is for those who are enrolled in the course.',
}
export const lessonLocked: RefusalKind = {
  status: 409,
  code: 'lesson_locked',
  title: 'Not open yet: `lock` says which rule keeps it locked, and when that may change.',
}
export const lessonHidden: RefusalKind = { ...lessonLocked, status: 403 }
export const quizRequired: RefusalKind = {
  status: 409,
  code: 'quiz_required',
  title: 'This lesson is completed by passing its quiz.',
}
export const courseIncomplete: RefusalKind = {
  status: 409,
  code: 'course_incomplete',
  title: 'Not everything in the course is done yet: `missing` lists the lessons, `exam` the exam.',
}
