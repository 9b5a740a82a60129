import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { findLiveEnrollment } from '../enrollments/index.ts'
import { completeQuizLesson, passExam } from '../learning/index.ts'
import { type AnsweredRow, findGradingFacts, updateAsClosed } from './attempt-queries.ts'
import { attemptSubmitted } from './events.ts'
import { gradeAnswers } from './grading-rules.ts'
import { upsertResult } from './result-queries.ts'
import type { Closing } from './rules.ts'

/** Closes an open attempt, which the caller holds: grades what was saved, keeps the result, and gives what passing gives. */
export async function gradeAttempt(
  tx: Tx,
  cause: Cause,
  { attempt, closing }: { attempt: AnsweredRow; closing: Closing },
): Promise<void> {
  const { id: attemptId, quiz_id: quizId, enrollment_id: enrollmentId, user_id: userId } = attempt
  const facts = await findGradingFacts(tx, attemptId)
  const score = gradeAnswers(facts.answer_key, attempt.answers)
  const { scorePercent } = score
  const passed = scorePercent >= facts.pass_percent
  await updateAsClosed(tx, attemptId, { ...closing, ...score, passed })
  await upsertResult(tx, { enrollmentId, quizId, scorePercent, passed, submittedAt: closing.submittedAt })
  await publish(
    tx,
    attemptSubmitted,
    {
      attemptId,
      quizId,
      courseId: facts.course_id,
      enrollmentId,
      userId,
      expired: closing.status === 'expired',
      scorePercent,
      passed,
    },
    cause,
  )
  if (!passed || facts.removed) return
  // Whose enrollment ended meanwhile, and who enrolled anew, has passed there.
  const live = await findLiveEnrollment(tx, { userId, courseId: facts.course_id })
  if (!live) return
  // Passed when the time was up, whenever the job comes to it.
  const then = live.id === enrollmentId ? { ...cause, at: closing.submittedAt } : cause
  if (facts.lesson_id === null) await passExam(tx, then, { enrollmentId: live.id })
  else await completeQuizLesson(tx, then, { enrollmentId: live.id, lessonId: facts.lesson_id })
}
