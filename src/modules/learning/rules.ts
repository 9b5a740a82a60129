export type LessonState = 'locked' | 'open' | 'completed'

export interface Standing {
  readonly state: LessonState
  /** The lesson to complete first, of a locked one. */
  readonly lockedBy: string | null
}

/**
 * Where a student stands with a lesson of a course. In a sequential course the first lesson that is not completed (`gate`) locks
 * those after it; what was completed once stays so, wherever new lessons are put in.
 */
export function standingOf(lessonId: string, completed: ReadonlySet<string>, gate: string | null): Standing {
  if (completed.has(lessonId)) return { state: 'completed', lockedBy: null }
  return gate === null || gate === lessonId
    ? { state: 'open', lockedBy: null }
    : { state: 'locked', lockedBy: gate }
}

/** The lesson that must be completed before any later one: the first that is not; null where nothing is locked. */
export function gateOf(
  lessonIds: readonly string[],
  completed: ReadonlySet<string>,
  sequential: boolean,
): string | null {
  return sequential ? (lessonIds.find((id) => !completed.has(id)) ?? null) : null
}

export interface Summary {
  readonly completedLessons: number
  readonly totalLessons: number
  /** Whole and rounded down, so that it is 100 only when everything is done. */
  readonly percent: number
}

export function summaryOf(lessons: readonly Standing[]): Summary {
  const totalLessons = lessons.length
  const completedLessons = lessons.filter(({ state }) => state === 'completed').length
  return summaryFrom({ completedLessons, totalLessons })
}

export function summaryFrom({ completedLessons, totalLessons }: Omit<Summary, 'percent'>): Summary {
  const percent = totalLessons === 0 ? 0 : Math.floor((completedLessons * 100) / totalLessons)
  return { completedLessons, totalLessons, percent }
}

/** A course without lessons cannot be completed. */
export function isComplete({ completedLessons, totalLessons }: Summary): boolean {
  return totalLessons > 0 && completedLessons === totalLessons
}

/** What to do next: the first lesson that is open. */
export function nextOf<Lesson extends Standing>(lessons: readonly Lesson[]): Lesson | undefined {
  return lessons.find(({ state }) => state === 'open')
}
