import type { Db } from '../../platform/database/database.ts'
import type { Hindrance } from '../../platform/module.ts'
import { findOutline } from '../catalogue/index.ts'
import { findLessonsWithQuiz } from './quiz-queries.ts'

/** A lesson of the type quiz that has none can be completed by nobody, and so neither can its course. */
export async function hindersPublishing(db: Db, courseId: string): Promise<Hindrance[]> {
  const lessons = await findQuizLessons(db, courseId)
  if (lessons.length === 0) return []
  const asked = await findLessonsWithQuiz(
    db,
    lessons.map(({ id }) => id),
  )
  return lessons.filter(({ id }) => !asked.has(id)).map(hindranceOf)
}

/** The same, where it is known already which lessons have a quiz. */
export async function hindrancesWithout(
  db: Db,
  courseId: string,
  asked: ReadonlySet<string>,
): Promise<Hindrance[]> {
  const lessons = await findQuizLessons(db, courseId)
  return lessons.filter(({ id }) => !asked.has(id)).map(hindranceOf)
}

async function findQuizLessons(db: Db, courseId: string) {
  const course = await findOutline(db, { courseId })
  const lessons = (course?.sections ?? []).flatMap((section) => section.lessons)
  return lessons.filter(({ type }) => type === 'quiz')
}

function hindranceOf({ id: lessonId, title }: { id: string; title: string }): Hindrance {
  return { reason: 'no_quiz', lessonId, message: `The lesson “${title}” has no quiz.` }
}
