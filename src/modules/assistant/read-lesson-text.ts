import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findOutlineAndContent, requireOwner } from '../catalogue/index.ts'
import { readLesson } from '../learning/index.ts'
import { lessonTooLong, lessonWithoutText } from './errors.ts'

/** A lesson as the assistant reads it. */
export interface LessonText {
  readonly title: string
  /** What it says, in Markdown. */
  readonly body: string
  /** The title and, after an empty line, the body. */
  readonly text: string
}

// Some 25,000 tokens, which most models take.
const mostCharacters = 100_000

/** For whoever may read the lesson. */
export async function readLessonText(db: Db, actor: Actor, lessonId: string): Promise<LessonText> {
  const { lesson, content } = await readLesson(db, actor, { lessonId })
  return textOf(lesson.lesson.title, content.body)
}

/** For the owners of the course. */
export async function readOwnLessonText(db: Db, actor: Actor, lessonId: string): Promise<LessonText> {
  const course = requireOwner(actor, await findOutlineAndContent(db, { lessonId }))
  const lesson = course.sections.flatMap(({ lessons }) => lessons).find(({ id }) => id === lessonId)
  if (!lesson) throw refuse(notFound)
  return textOf(lesson.title, course.content?.body ?? null)
}

function textOf(title: string, body: string | null): LessonText {
  if (body === null || body.trim() === '') throw refuse(lessonWithoutText)
  const text = `${title}\n\n${body}`
  if (text.length > mostCharacters)
    throw refuse(
      lessonTooLong,
      `The assistant reads at most ${mostCharacters} characters. Divide the lesson.`,
    )
  return { title, body, text }
}
