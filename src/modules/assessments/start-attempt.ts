import { randomInt } from 'node:crypto'
import type { Actor } from '../../platform/actor.ts'
import { brokenConstraint, type Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { noteActivity, requireOpenExam, requireOpenLesson } from '../learning/index.ts'
import { type AttemptRow, insertAttempt, lockOpenAttempt, lockStarts } from './attempt-queries.ts'
import { findDrawn } from './bank-queries.ts'
import { attemptsExhausted, quizEmpty } from './errors.ts'
import { expireAttemptJob } from './expire-attempt-job.ts'
import { gradeAttempt } from './grade-attempt.ts'
import { bytesOf } from './question-rules.ts'
import { findQuiz, type QuizQuestion, type QuizRow } from './quiz-queries.ts'
import { mostBytes } from './quiz-rules.ts'
import { closingOf, deadlineOf, isOver, lastMomentOf } from './rules.ts'
import { type Dice, makeSheet } from './sheet-rules.ts'

const dice: Dice = { below: (limit) => randomInt(limit), id: newId }

/** Begins an attempt, or gives back the one that is open. */
export async function startAttempt(
  tx: Tx,
  actor: Actor,
  quizId: string,
): Promise<{ attempt: AttemptRow; begun: boolean }> {
  const quiz = await findQuiz(tx, quizId)
  if (!quiz) throw refuse(notFound)
  const { enrollmentId } =
    quiz.lesson_id === null
      ? await requireOpenExam(tx, actor, quiz.course_id)
      : await requireOpenLesson(tx, actor, quiz.lesson_id)
  await lockStarts(tx, { quizId, userId: actor.userId })
  const open = await resumeAttempt(tx, actor, { quizId, enrollmentId })
  if (open) return { attempt: open, begun: false }
  const begun = await openAttempt(tx, actor, { quiz, enrollmentId })
  await noteActivity(tx, { userId: actor.userId, courseId: quiz.course_id, at: actor.at })
  return { attempt: begun, begun: true }
}

/** The open attempt; one that is over, or of an enrollment that ended, is closed instead. */
async function resumeAttempt(
  tx: Tx,
  actor: Actor,
  { quizId, enrollmentId }: { quizId: string; enrollmentId: string },
): Promise<AttemptRow | undefined> {
  const open = await lockOpenAttempt(tx, { quizId, userId: actor.userId })
  if (!open) return undefined
  if (open.enrollment_id === enrollmentId && !isOver(open.deadline, actor.at)) return open
  await gradeAttempt(tx, actor, { attempt: open, closing: closingOf(open.deadline, actor.at) })
  return undefined
}

async function openAttempt(
  tx: Tx,
  actor: Actor,
  { quiz, enrollmentId }: { quiz: QuizRow; enrollmentId: string },
): Promise<AttemptRow> {
  const questions = [...quiz.questions, ...(await drawQuestions(tx, quiz))]
  if (questions.length === 0) throw refuse(quizEmpty)
  const id = newId()
  const deadline = deadlineOf(actor.at, quiz.time_limit_seconds)
  const attempt = await insert(tx, {
    id,
    quizId: quiz.id,
    userId: actor.userId,
    enrollmentId,
    maxAttempts: quiz.max_attempts,
    passPercent: quiz.pass_percent,
    version: quiz.version,
    deadline,
    sheet: makeSheet(questions, { shuffle: quiz.shuffle, dice }),
    at: actor.at,
  })
  const runAt = lastMomentOf(deadline)
  if (runAt) await addJob(tx, expireAttemptJob, { attemptId: id }, { runAt })
  return attempt
}

/** The narrower draws first, so that the wider ones leave them theirs. */
async function drawQuestions(tx: Tx, quiz: QuizRow): Promise<QuizQuestion[]> {
  if (quiz.draws.length === 0) return []
  const width = (draw: QuizRow['draws'][number]) => (draw.questionIds ? 0 : draw.tag === undefined ? 2 : 1)
  const draws = quiz.draws.toSorted((a, b) => width(a) - width(b))
  const most = mostBytes - bytesOf(quiz.questions)
  return findDrawn(tx, { courseId: quiz.course_id, draws, most })
}

async function insert(tx: Tx, attempt: Parameters<typeof insertAttempt>[1]): Promise<AttemptRow> {
  try {
    return await insertAttempt(tx, attempt)
  } catch (error) {
    if (brokenConstraint(error) === 'attempts_limit') throw refuse(attemptsExhausted)
    throw error
  }
}
