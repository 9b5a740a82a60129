import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { completeQuizLesson, passExam } from '../learning/index.ts'
import type { AnsweredRow } from './attempt-queries.ts'
import { closeAttempt, findGradingFacts, type GradingFacts } from './grading-queries.ts'
import { gradeAnswers } from './grading-rules.ts'
import type { Closing } from './rules.ts'

interface Grading {
  readonly attempt: AnsweredRow
  readonly closing: Closing
}

/** Closes an open attempt, which the caller holds: grades what was saved, keeps the result, and gives what passing gives. */
export async function gradeAttempt(tx: Tx, cause: Cause, grading: Grading): Promise<void> {
  const facts = await findGradingFacts(tx, grading.attempt.id)
  await gradeBy(tx, cause, { ...grading, facts, activeAt: null })
}

/** The same, for one who knows the facts. @param grading.activeAt when its student handed it in; null where nobody did */
export async function gradeBy(
  tx: Tx,
  cause: Cause,
  { attempt, closing, facts, activeAt }: Grading & { facts: GradingFacts; activeAt: Date | null },
): Promise<void> {
  const { id: attemptId, quiz_id: quizId, enrollment_id: enrollmentId, user_id: userId } = attempt
  const { course_id: courseId, lesson_id: lessonId, live_id: liveId } = facts
  const score = gradeAnswers(facts.answer_key, attempt.answers)
  const { scorePercent } = score
  const passed = scorePercent >= facts.pass_percent
  const expired = closing.status === 'expired'
  const submitted = { attemptId, quizId, courseId, enrollmentId, userId, expired, scorePercent, passed }
  await closeAttempt(tx, cause, submitted, { ...closing, ...score, passed, activeAt })
  // Whose enrollment ended meanwhile, and who enrolled anew, has passed there.
  if (!passed || facts.removed || liveId === null) return
  // Passed when the time was up, whenever the job comes to it.
  const then = liveId === enrollmentId ? { ...cause, at: closing.submittedAt } : cause
  if (lessonId === null) await passExam(tx, then, { enrollmentId: liveId })
  else await completeQuizLesson(tx, then, { enrollmentId: liveId, lessonId })
}
