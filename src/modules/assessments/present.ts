import type { AnsweredRow, AttemptRow, AttemptSummaryRow, SolutionRow } from './attempt-queries.ts'
import type { Attempt, AttemptSummary, ExtraAttempts, SavedAnswers } from './attempt-schemas.ts'
import type { BankQuestionRow } from './bank-queries.ts'
import type { ExtraAttemptsRow } from './extra-attempt-queries.ts'
import { isFull } from './grading-rules.ts'
import type { Question } from './question-rules.ts'
import type { QuizCardRow, QuizRow } from './quiz-queries.ts'
import type { BankQuestion, Quiz, QuizCard } from './schemas.ts'

function presentTerms(quiz: Omit<QuizRow, 'questions' | 'draws' | 'version' | 'created_at' | 'updated_at'>) {
  return {
    id: quiz.id,
    courseId: quiz.course_id,
    ...(quiz.lesson_id === null ? {} : { lessonId: quiz.lesson_id }),
    title: quiz.title,
    passPercent: quiz.pass_percent,
    ...(quiz.time_limit_seconds === null ? {} : { timeLimitSeconds: quiz.time_limit_seconds }),
    ...(quiz.max_attempts === null ? {} : { maxAttempts: quiz.max_attempts }),
    shuffle: quiz.shuffle,
    revealAnswers: quiz.reveal_answers,
  }
}

/** For owners: the right answers are in it. */
export function presentQuiz(quiz: QuizRow): Quiz {
  return {
    ...presentTerms(quiz),
    questions: quiz.questions.map((question) => ({ ...presentQuestion(question), id: question.id })),
    draw: [...quiz.draws],
    version: quiz.version,
    createdAt: quiz.created_at,
    updatedAt: quiz.updated_at,
  }
}

/** For owners: the right answers are in it. */
export function presentBankQuestion(row: BankQuestionRow): BankQuestion {
  return {
    id: row.id,
    courseId: row.course_id,
    ...presentQuestion(row.question),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function presentQuestion({ explanation, ...question }: Question) {
  return { ...question, ...(explanation === null ? {} : { explanation }) }
}

export function presentQuizCard(quiz: QuizCardRow): QuizCard {
  const {
    attempts_allowed: most,
    closed_attempts: attempts,
    open_attempt_id: open,
    best_percent: best,
  } = quiz
  return {
    ...presentTerms(quiz),
    questionCount: quiz.question_count,
    viewer: {
      attempts,
      ...(most === null ? {} : { attemptsLeft: Math.max(0, most - attempts - (open === null ? 0 : 1)) }),
      ...(open === null ? {} : { openAttemptId: open }),
      ...(best === null ? {} : { bestScorePercent: best }),
      passed: quiz.passed,
    },
  }
}

export function presentAttemptSummary(attempt: AttemptSummaryRow): AttemptSummary {
  const { deadline, submitted_at, score_percent, passed } = attempt
  return {
    id: attempt.id,
    quizId: attempt.quiz_id,
    userId: attempt.user_id,
    number: attempt.number,
    status: attempt.status,
    startedAt: attempt.started_at,
    ...(deadline ? { deadline } : {}),
    ...(score_percent === null ? {} : { scorePercent: score_percent }),
    ...(passed === null ? {} : { passed }),
    ...(submitted_at ? { submittedAt: submitted_at } : {}),
  }
}

export function presentSaved(attempt: AnsweredRow): SavedAnswers {
  return { ...presentAttemptSummary(attempt), answers: [...attempt.answers] }
}

/** @param solution what was right, for one who may see it */
export function presentAttempt(attempt: AttemptRow, solution?: SolutionRow): Attempt {
  return {
    ...presentSaved(attempt),
    questions: [...attempt.questions],
    ...(solution ? { results: presentResults(solution) } : {}),
  }
}

function presentResults({ answer_key, results }: SolutionRow): NonNullable<Attempt['results']> {
  const earned = new Map(results.map(({ questionId, points }) => [questionId, points]))
  return answer_key.map((key) => ({
    questionId: key.questionId,
    points: earned.get(key.questionId) ?? 0,
    correct: isFull(key, earned.get(key.questionId) ?? 0),
    correctAnswer: key.right,
    ...(key.type === 'numeric' ? { tolerance: key.tolerance } : {}),
    ...(key.explanation === null ? {} : { explanation: key.explanation }),
  }))
}

export function presentExtraAttempts(row: ExtraAttemptsRow): ExtraAttempts {
  return { quizId: row.quiz_id, userId: row.user_id, extraAttempts: row.count }
}
