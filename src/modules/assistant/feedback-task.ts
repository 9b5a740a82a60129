import type { Audience } from './read-figures.ts'
import type { Figures } from './schemas.ts'
import { promptOf, type Task } from './task.ts'
import { isPlain, namesOnlyNumbersOf } from './text-rules.ts'

const mostCharacters = 3_000

const readers: Readonly<Record<Audience, string>> = {
  student: 'the student, as "you"',
  parent: 'a parent of the student, about "your child"',
  owner: 'the teacher of the course, about "the student"',
}

function taskOf(audience: Audience): string {
  return `Task: write feedback on the progress of one student in one course, for ${readers[audience]}. The material is JSON: the figures of \
that student, and all that is known. Write 50 to 150 words of plain text in the language of the titles: what goes well, what to do next. \
No list, no Markdown, no HTML, no links, no names of people. Every number must be one of the figures, as it stands there, in the digits 0 to 9: \
calculate none, round none, promise none. Answer with the feedback and nothing else.`
}

/** Feedback on figures, as plain text whose numbers are those figures. The model is not told whose they are. */
export function feedbackTask(
  figures: Figures,
  { studentId, audience, courseTitle }: { studentId: string; audience: Audience; courseTitle: string },
): Task<string> {
  const material = JSON.stringify({ course: courseTitle, ...figures }, (_name, value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? value.slice(0, 10) : value,
  )
  return {
    name: 'feedback',
    ...promptOf(taskOf(audience), material),
    aboutUserId: studentId,
    mostCharacters,
    mayShow: null,
    read: (said) =>
      said.trim() !== '' && isPlain(said, material) && namesOnlyNumbersOf(said, material)
        ? said.trim()
        : null,
  }
}
