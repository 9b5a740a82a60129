import type { RefusalKind } from '../../platform/http/refusal.ts'

export const notAQuizLesson: RefusalKind = {
  status: 409,
  code: 'not_a_quiz_lesson',
  title: 'Only a lesson of the type quiz has a quiz.',
}
export const quizNeeded: RefusalKind = {
  status: 409,
  code: 'quiz_needed',
  title:
    'The course is published, and nobody could complete this lesson without its quiz. Replace the quiz, remove the lesson, or unpublish the course first.',
}
export const attemptsExhausted: RefusalKind = {
  status: 409,
  code: 'attempts_exhausted',
  title: 'All attempts at this quiz are used up.',
}
export const quizEmpty: RefusalKind = {
  status: 409,
  code: 'quiz_empty',
  title: 'The quiz draws from a bank that has no such questions any more.',
}
export const attemptClosed: RefusalKind = {
  status: 409,
  code: 'attempt_closed',
  title: 'This attempt is submitted: its answers stay as they are.',
}
export const deadlinePassed: RefusalKind = {
  status: 409,
  code: 'deadline_passed',
  title: 'The time is up: what was saved before is graded.',
}
export const bankFull: RefusalKind = {
  status: 409,
  code: 'bank_full',
  title: 'The bank of a course has at most 10,000 questions.',
}
