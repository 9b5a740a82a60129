import { placedFigures, placeFigures } from './placed-figures.ts'
import type { Audience } from './read-figures.ts'
import type { Figures } from './schemas.ts'
import { promptOf, type Task } from './task.ts'
import { isPlain } from './text-rules.ts'

const mostCharacters = 3_000

const readers: Readonly<Record<Audience, string>> = {
  student: 'the student, as "you"',
  parent: 'a parent of the student, about "your child"',
  owner: 'the teacher of the course, about "the student"',
}

function taskOf(audience: Audience): string {
  return `Task: write feedback on the progress of one student in one course, for ${readers[audience]}. The material is JSON: all that is \
known of that student, each figure and each title by its name. Write 50 to 150 words of plain text in the language of the titles: what goes well, \
what to do next. No list, no Markdown, no HTML, no links, no names of people. Wherever you mean a figure or a title, write its name between double \
braces, such as {{completed_lessons}} of {{total_lessons}} lessons, {{progress}} of {{course}}, {{quiz_1_best}} in {{quiz_1}}: what it says is put there, with \
its unit. Write no digit and no number in words yourself: calculate none, round none, promise none. Answer with the feedback and nothing else.`
}

/** Feedback on figures, as plain text in which every number is one of them, in its own place. The model is not told whose they are. */
export function feedbackTask(
  figures: Figures,
  { studentId, audience, courseTitle }: { studentId: string; audience: Audience; courseTitle: string },
): Task<string> {
  const placed = placedFigures(figures, courseTitle)
  const quizzes = figures.quizzes.map(({ passed, exam }, index) => ({
    name: `quiz_${index + 1}`,
    passed,
    exam,
  }))
  return {
    name: 'feedback',
    ...promptOf(taskOf(audience), JSON.stringify({ ...placed, quizzes })),
    aboutUserId: studentId,
    mostCharacters,
    mayShow: null,
    read: (said) => (said.trim() !== '' && isPlain(said, '') ? placeFigures(said.trim(), placed) : null),
  }
}
