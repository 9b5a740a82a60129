import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const quiz = Type.Object({ quizId: Id, courseId: Id, lessonId: Type.Union([Id, Type.Null()]) })
const question = Type.Object({ courseId: Id, questionId: Id })

export const quizSaved = defineEvent('quiz.saved', quiz)
export const quizRemoved = defineEvent('quiz.removed', quiz)

export const questionAdded = defineEvent('question.added', question)
export const questionChanged = defineEvent('question.changed', question)
export const questionRemoved = defineEvent('question.removed', question)

export const attemptsGranted = defineEvent(
  'attempts.granted',
  Type.Object({ quizId: Id, courseId: Id, userId: Id, count: Type.Integer() }),
)

/** An attempt is closed and graded, whoever or whatever closed it; once for each. */
export const attemptSubmitted = defineEvent(
  'attempt.submitted',
  Type.Object({
    attemptId: Id,
    quizId: Id,
    courseId: Id,
    enrollmentId: Id,
    userId: Id,
    expired: Type.Boolean(),
    scorePercent: Type.Integer(),
    passed: Type.Boolean(),
  }),
)
