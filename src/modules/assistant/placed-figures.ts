import type { Figures } from './schemas.ts'

/** What stands for a figure in a text, and what it says. */
export type PlacedFigures = Readonly<Record<string, string>>

/**
 * The figures of a student by the names under which a model speaks of them. It writes the name, and the figure is put in its place: so no
 * other one can stand there, and each has its unit.
 */
export function placedFigures(figures: Figures, courseTitle: string): PlacedFigures {
  const { completedLessons, totalLessons, remainingLessons, percent, quizzes } = figures
  const { enrolledAt, completedAt, lastActivityAt, daysSinceLastActivity } = figures
  return {
    course: courseTitle,
    completed_lessons: String(completedLessons),
    total_lessons: String(totalLessons),
    remaining_lessons: String(remainingLessons),
    progress: percentOf(percent),
    enrolled_on: dayOf(enrolledAt),
    ...(completedAt ? { completed_on: dayOf(completedAt) } : {}),
    ...(lastActivityAt ? { last_active_on: dayOf(lastActivityAt) } : {}),
    ...(daysSinceLastActivity === undefined ? {} : { days_since_active: String(daysSinceLastActivity) }),
    ...Object.fromEntries(
      quizzes.flatMap(({ title, attempts, bestPercent, lastAttemptAt }, index) => {
        const quiz = `quiz_${index + 1}`
        return [
          [quiz, title],
          [`${quiz}_attempts`, String(attempts)],
          [`${quiz}_best`, percentOf(bestPercent)],
          [`${quiz}_last_on`, dayOf(lastAttemptAt)],
        ]
      }),
    ),
  }
}

const percentOf = (percent: number): string => `${percent}%`
const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** A name, and a unit that the figure has already. */
const place = /\{\{ *([a-z0-9_]+) *\}\}(\s?%)?/g

/**
 * A text with the figures in the places of their names.
 * @returns null where it names one that there is not, or has a number of its own
 */
export function placeFigures(text: string, figures: PlacedFigures): string | null {
  const names = [...text.matchAll(place)].map(([, name = '']) => name)
  if (!names.every((name) => Object.hasOwn(figures, name))) return null
  if (/\p{N}|\{\{|\}\}/u.test(text.replace(place, ''))) return null
  return text.replace(place, (_all, name: string, unit = '') => {
    const figure = figures[name] ?? ''
    return figure.endsWith('%') ? figure : `${figure}${unit}`
  })
}
