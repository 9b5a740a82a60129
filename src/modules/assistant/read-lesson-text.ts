import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { recallLessonText, recallOutline, requireOwner } from '../catalogue/index.ts'
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

type From = Pick<Deps, 'db' | 'pages'>

/** For whoever may read the lesson. */
export async function readLessonText(from: From, actor: Actor, lessonId: string): Promise<LessonText> {
  const { lesson, content } = await readLesson(from, actor, { lessonId })
  return textOf(lesson.lesson.title, content.body)
}

/** For the owners of the course. */
export async function readOwnLessonText(from: From, actor: Actor, lessonId: string): Promise<LessonText> {
  const course = requireOwner(actor, await recallOutline(from, { lessonId }))
  const lesson = course.sections.flatMap(({ lessons }) => lessons).find(({ id }) => id === lessonId)
  if (!lesson) throw refuse(notFound)
  return textOf(lesson.title, (await recallLessonText(from, lessonId))?.body ?? null)
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
