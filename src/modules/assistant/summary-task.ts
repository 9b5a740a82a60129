import type { LessonText } from './read-lesson-text.ts'
import { promptOf, type Task } from './task.ts'
import { isPlain } from './text-rules.ts'

const mostCharacters = 4_000

const task = `Task: summarize the lesson that is the material, for a student who has read it and wants to remember it. \
Write 60 to 200 words in the language of the lesson, as plain text in short paragraphs: no title, no Markdown, no HTML, no links. \
Say only what the lesson says. Answer with the summary and nothing else.`

/** A summary of a lesson, as plain text. */
export function summaryTask(lesson: LessonText): Task<string> {
  const mayShow = (said: string) => isPlain(said, lesson.text)
  return {
    name: 'summarize',
    ...promptOf(task, lesson.text),
    aboutUserId: null,
    mostCharacters,
    mayShow,
    read: (said) => (said.trim() !== '' && mayShow(said) ? said.trim() : null),
  }
}
