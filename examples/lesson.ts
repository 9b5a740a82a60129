import { element } from './element.ts'
import type { School } from './school.ts'

/** A lesson, and that it is done. */
export async function lessonView(
  { client, fail }: School,
  courseId: string,
  lessonId: string,
): Promise<HTMLElement> {
  const lesson = await client.courses.getLesson(courseId, lessonId, { format: 'html' })
  const done = async () => {
    await client.progress.record({ lessonId, completed: true })
    location.hash = `#/courses/${courseId}`
  }
  // The server's own rendering of Markdown, which lets no script through; the page's policy runs none either.
  const body = element('article', { innerHTML: lesson.bodyHtml ?? '' })
  return element(
    'section',
    {},
    element('h1', {}, lesson.title),
    lesson.media?.kind === 'video' ? element('video', { src: lesson.media.url, controls: true }) : null,
    body,
    lesson.type === 'quiz'
      ? element('p', {}, 'This small school has no page for quizzes.')
      : element('button', { onclick: () => done().catch(fail) }, 'Done'),
  )
}
