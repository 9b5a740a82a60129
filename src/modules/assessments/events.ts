import { Type } from 'typebox'
import { type AuditRule, defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const quiz = Type.Object({ quizId: Id, courseId: Id, lessonId: Type.Union([Id, Type.Null()]) })
const question = Type.Object({ courseId: Id, questionId: Id })
const ofQuiz: AuditRule<'quizId'> = { when: 'by_admin', subject: 'quiz', ids: ['quizId'] }
const ofQuestion: AuditRule<'questionId'> = { when: 'by_admin', subject: 'question', ids: ['questionId'] }

export const quizSaved = defineUnheardEvent('quiz.saved', quiz, ofQuiz)
export const quizRemoved = defineUnheardEvent('quiz.removed', quiz, ofQuiz)

export const questionAdded = defineUnheardEvent('question.added', question, ofQuestion)
export const questionChanged = defineUnheardEvent('question.changed', question, ofQuestion)
export const questionRemoved = defineUnheardEvent('question.removed', question, ofQuestion)

export const attemptsGranted = defineUnheardEvent(
  'attempts.granted',
  Type.Object({ quizId: Id, courseId: Id, userId: Id, count: Type.Integer() }),
  { when: 'by_admin', subject: 'quiz', ids: ['quizId', 'userId'] },
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
