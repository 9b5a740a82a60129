import type { Actor } from '../../platform/actor.ts'
import { brokenConstraint, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { type FieldFault, notFound, refuse, validationFailed } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { lockCourseOfLesson } from '../catalogue/index.ts'
import { setExam } from '../learning/index.ts'
import { countForDraws } from './bank-queries.ts'
import { quizSaved } from './events.ts'
import { asQuestion } from './question-rules.ts'
import { type QuizTarget, requirePlace } from './quiz-place.ts'
import { lockQuizAt, type QuizPlace, type QuizRow, upsertQuiz } from './quiz-queries.ts'
import { faultsOfQuiz } from './quiz-rules.ts'
import type { NewQuiz } from './schemas.ts'

/** Makes a quiz or replaces it whole. Attempts that began before keep what they were asked. */
export async function saveQuiz(
  tx: Tx,
  actor: Actor,
  input: { target: QuizTarget; quiz: NewQuiz; ifMatch?: string | undefined },
): Promise<QuizRow> {
  const { target, quiz, ifMatch } = input
  // Held, so that the lesson does not become one of another type meanwhile.
  if ('lessonId' in target) await lockCourseOfLesson(tx, target.lessonId)
  const place = await requirePlace(tx, actor, target)
  const before = await lockQuizAt(tx, place)
  requireVersion(before?.version ?? 0, ifMatch)
  const known = new Set(before?.questions.map(({ id }) => id))
  const faults = [...faultsOfQuiz(quiz, known), ...(await faultsOfDraws(tx, place, quiz))]
  if (faults.length > 0) throw refuse(validationFailed, undefined, { errors: faults })
  const saved = await writeQuiz(tx, actor, { place, quiz })
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

/** Each draw must find enough in the bank. Where it shrinks later, or draws overlap, fewer are drawn. */
async function faultsOfDraws(tx: Tx, { courseId }: QuizPlace, { draw = [] }: NewQuiz): Promise<FieldFault[]> {
  const counts = await countForDraws(tx, courseId, draw)
  return draw.flatMap(({ questionIds, count }, index) => {
    const there = counts[index] ?? 0
    if (questionIds && there < new Set(questionIds).size)
      return [{ path: `/draw/${index}/questionIds`, message: 'must be of the bank of this course' }]
    return there < count
      ? [{ path: `/draw/${index}/count`, message: `must be at most the ${there} that there are` }]
      : []
  })
}
