export type LessonState = 'locked' | 'open' | 'completed'

export interface Standing {
  readonly lessonId: string
  readonly state: LessonState
  /** The lesson to complete first, of a locked one. */
  readonly lockedBy: string | null
}

/**
 * Where a student stands with each lesson, in the order of the course. In a sequential course the first lesson that is not
 * completed locks those after it; what was completed once stays so, wherever new lessons are put in.
 */
export function standingsOf(
  lessonIds: readonly string[],
  completed: ReadonlySet<string>,
  sequential: boolean,
): Standing[] {
  const gate = sequential ? lessonIds.find((id) => !completed.has(id)) : undefined
  return lessonIds.map((lessonId) => {
    if (completed.has(lessonId)) return { lessonId, state: 'completed', lockedBy: null }
    if (gate === undefined || gate === lessonId) return { lessonId, state: 'open', lockedBy: null }
    return { lessonId, state: 'locked', lockedBy: gate }
  })
}

export interface Summary {
  readonly completedLessons: number
  readonly totalLessons: number
  /** Whole and rounded down, so that it is 100 only when everything is done. */
  readonly percent: number
}

export function summaryOf(standings: readonly Standing[]): Summary {
  const totalLessons = standings.length
  const completedLessons = standings.filter(({ state }) => state === 'completed').length
  const percent = totalLessons === 0 ? 0 : Math.floor((completedLessons * 100) / totalLessons)
  return { completedLessons, totalLessons, percent }
}

/** A course without lessons cannot be completed. */
export function isComplete({ completedLessons, totalLessons }: Summary): boolean {
  return totalLessons > 0 && completedLessons === totalLessons
}

/** What to do next: the first lesson that is open. */
export function nextLessonOf(standings: readonly Standing[]): string | null {
  return standings.find(({ state }) => state === 'open')?.lessonId ?? null
}
