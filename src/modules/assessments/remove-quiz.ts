import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { lockCourse } from '../catalogue/index.ts'
import { setExam } from '../learning/index.ts'
import { quizNeeded } from './errors.ts'
import { quizRemoved } from './events.ts'
import { type QuizTarget, requirePlace } from './quiz-place.ts'
import { removeQuizAt } from './quiz-queries.ts'

/**
 * Takes a quiz away. Its attempts, and what was reached by them, stay. A lesson that students are to complete keeps its quiz: whether
 * the course is published is asked while it is held, so that it is not published at the same moment.
 */
export async function removeQuiz(tx: Tx, actor: Actor, target: QuizTarget): Promise<void> {
  const { courseId, lessonId } = await requirePlace(tx, actor, target)
  const course = await lockCourse(tx, courseId)
  const quizId = await removeQuizAt(tx, { courseId, lessonId }, actor.at)
  if (quizId === undefined) throw refuse(notFound)
  if (lessonId !== null && course?.status === 'published') throw refuse(quizNeeded)
  if (lessonId === null) await setExam(tx, { courseId, quizId: null })
  await publish(tx, quizRemoved, { quizId, courseId, lessonId }, actor)
}
