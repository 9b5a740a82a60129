import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findCourseFacts, findOutline, requireOwner } from '../catalogue/index.ts'
import { notAQuizLesson } from './errors.ts'
import type { QuizPlace } from './quiz-queries.ts'

/** A lesson, or a course for its exam. */
export type QuizTarget = { readonly lessonId: string } | { readonly courseId: string }

/** Where an owner's quiz is to stand. */
export async function requirePlace(db: Db, actor: Actor, target: QuizTarget): Promise<QuizPlace> {
  if ('courseId' in target) {
    const { id } = requireOwner(actor, await findCourseFacts(db, target.courseId))
    return { courseId: id, lessonId: null }
  }
  const course = requireOwner(actor, await findOutline(db, target))
  const lessons = course.sections.flatMap((section) => section.lessons)
  const lesson = lessons.find(({ id }) => id === target.lessonId)
  if (!lesson) throw refuse(notFound)
  if (lesson.type !== 'quiz') throw refuse(notAQuizLesson)
  return { courseId: course.id, lessonId: lesson.id }
}
