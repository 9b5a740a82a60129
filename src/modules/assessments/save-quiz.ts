import type { Actor } from '../../platform/actor.ts'
import { brokenConstraint, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { type FieldFault, notFound, refuse, validationFailed } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { lockCourse, lockCourseOfLesson } from '../catalogue/index.ts'
import { setExam } from '../learning/index.ts'
import { findDrawMeasures } from './bank-queries.ts'
import { quizSaved } from './events.ts'
import { asQuestion, bytesOf } from './question-rules.ts'
import { type QuizTarget, requirePlace } from './quiz-place.ts'
import { lockQuizAt, type QuizPlace, type QuizRow, upsertQuiz } from './quiz-queries.ts'
import { faultsOfQuiz, mostBytes } from './quiz-rules.ts'
import type { NewQuiz } from './schemas.ts'

/** Makes a quiz or replaces it whole. Attempts that began before keep what they were asked. */
export async function saveQuiz(
  tx: Tx,
  actor: Actor,
  input: { target: QuizTarget; quiz: NewQuiz; ifMatch?: string | undefined },
): Promise<QuizRow> {
  const { target, quiz, ifMatch } = input
  // Held, so that the lesson does not become one of another type meanwhile, and of two first quizzes the second sees the first.
  if ('lessonId' in target) await lockCourseOfLesson(tx, target.lessonId)
  else await lockCourse(tx, target.courseId)
  const place = await requirePlace(tx, actor, target)
  const before = await lockQuizAt(tx, place)
  requireVersion(before?.version ?? 0, ifMatch)
  const known = new Set(before?.questions.map(({ id }) => id))
  const faults = [...faultsOfQuiz(quiz, known), ...(await faultsOfDraws(tx, place, quiz))]
  if (faults.length > 0) throw refuse(validationFailed, undefined, { errors: faults })
  return keepQuiz(tx, actor, { place, quiz })
}

/**
 * Makes a quiz of a course folder, which was checked. Its draws may find less than they ask for, as those of a quiz whose bank has shrunk
 * do: fewer are drawn.
 */
export async function takeQuiz(
  tx: Tx,
  actor: Actor,
  { target, quiz }: { target: QuizTarget; quiz: NewQuiz },
): Promise<void> {
  const place = await requirePlace(tx, actor, target)
  await keepQuiz(tx, actor, { place, quiz })
}

async function keepQuiz(tx: Tx, actor: Actor, to: { place: QuizPlace; quiz: NewQuiz }): Promise<QuizRow> {
  const saved = await writeQuiz(tx, actor, to)
  const { id: quizId, course_id: courseId, lesson_id: lessonId } = saved
  if (lessonId === null) await setExam(tx, { courseId, quizId })
  await publish(tx, quizSaved, { quizId, courseId, lessonId }, actor)
  return saved
}

async function writeQuiz(
  tx: Tx,
  actor: Actor,
  { place, quiz }: { place: QuizPlace; quiz: NewQuiz },
): Promise<QuizRow> {
  const content = {
    title: quiz.title.trim(),
    pass_percent: quiz.passPercent,
    time_limit_seconds: quiz.timeLimitSeconds ?? null,
    max_attempts: quiz.maxAttempts ?? null,
    shuffle: quiz.shuffle ?? false,
    reveal_answers: quiz.revealAnswers,
    questions: quiz.questions.map((said) => ({ ...asQuestion(said), id: said.id ?? newId() })),
    draws: quiz.draw ?? [],
  }
  try {
    return await upsertQuiz(tx, { id: newId(), place, at: actor.at, ...content })
  } catch (error) {
    // The lesson, or the course, went in between.
    if (/^quizzes_(lesson|course_id_fkey)$/.test(brokenConstraint(error) ?? '')) throw refuse(notFound)
    throw error
  }
}

/**
 * Each draw must find enough in the bank, and no attempt may become too large. Where the bank shrinks later, or its questions grow, or draws
 * overlap, fewer are drawn.
 */
async function faultsOfDraws(tx: Tx, { courseId }: QuizPlace, quiz: NewQuiz): Promise<FieldFault[]> {
  const { questions, draw = [] } = quiz
  const measures = await findDrawMeasures(tx, courseId, draw)
  let bytes = bytesOf(questions)
  return draw.flatMap(({ questionIds, count }, index) => {
    const { there = 0, mostBytes: drawn = 0 } = measures[index] ?? {}
    bytes += drawn
    if (questionIds && there < new Set(questionIds).size)
      return [{ path: `/draw/${index}/questionIds`, message: 'must be of the bank of this course' }]
    if (there < count)
      return [{ path: `/draw/${index}/count`, message: `must be at most the ${there} that there are` }]
    return bytes > mostBytes
      ? [{ path: `/draw/${index}`, message: 'must not make it more than 1 MB of questions' }]
      : []
  })
}
