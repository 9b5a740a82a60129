import type { LessonType } from '../../platform/database/schema.ts'

export type LessonState = 'locked' | 'open' | 'completed'

/** `earlier_lesson`: one before it is to be completed; `exam`: that one is a quiz, to be passed; `date`: its day has not come. */
export type LockRule = 'earlier_lesson' | 'exam' | 'date'

export interface Lock {
  readonly rule: LockRule
  /** The lesson to complete first. */
  readonly lessonId: string | null
  /** Before this moment it does not open, whatever is completed. */
  readonly opensAt: Date | null
}

export interface Standing {
  readonly state: LessonState
  /** Of a locked one. */
  readonly lock: Lock | null
}

/** What the rules want to know of a lesson. */
export interface Step {
  readonly id: string
  readonly type: LessonType
  readonly available_after_days: number | null
}

/** What the rules want to know of the course and the student. */
export interface Terms {
  readonly sequential: boolean
  readonly completed: Pick<ReadonlySet<string>, 'has'>
  /** The days of a lesson count from here. */
  readonly activatedAt: Date
  readonly at: Date
}

const dayMs = 86_400_000
const quarterMs = 900_000

/** Quarters of an hour since 1970: the step by which time zones differ, and by which activity is kept. */
export function quarterOf(at: Date): number {
  return Math.floor(at.getTime() / quarterMs)
}

/**
 * When a lesson opens by its days: whole days of 24 hours from the activation of the enrollment, so that neither daylight saving nor
 * another time zone in the profile moves it. Null where it says none.
 */
export function opensAt(step: Pick<Step, 'available_after_days'>, activatedAt: Date): Date | null {
  const days = step.available_after_days
  return days === null ? null : new Date(activatedAt.getTime() + days * dayMs)
}

/** How many whole days the enrollment has been active: lessons of no more days are open. */
export function elapsedDays({ activatedAt, at }: Pick<Terms, 'activatedAt' | 'at'>): number {
  return Math.floor((at.getTime() - activatedAt.getTime()) / dayMs)
}

const lockBy = (first: Pick<Step, 'id' | 'type'>, opensAt: Date | null): Lock => ({
  rule: first.type === 'quiz' ? 'exam' : 'earlier_lesson',
  lessonId: first.id,
  opensAt,
})

/**
 * What comes after the last lesson of a sequential course is locked by the first that is not completed: the `end` of `standingsOf`,
 * for one who knows this lesson and the most days that any of those which are not completed asks for.
 */
export function endLockOf(
  first: Pick<Step, 'id' | 'type'>,
  lastDays: number | null,
  { activatedAt, at }: Pick<Terms, 'activatedAt' | 'at'>,
): Lock {
  const last = opensAt({ available_after_days: lastDays }, activatedAt)
  return lockBy(first, last && last > at ? last : null)
}

const standingCompleted: Standing = { state: 'completed', lock: null }
export const standingOpen: Standing = { state: 'open', lock: null }

/**
 * Where a student stands with each lesson of a course, in order, and with what comes after the last: `end` locks the exam. In a
 * sequential course the first lesson that is not completed locks all after it; in any course a lesson is locked until its day. What
 * was completed once stays so, wherever new lessons are put in and whatever their days.
 */
export function standingsOf(
  steps: readonly Step[],
  terms: Terms,
): { standings: Standing[]; end: Lock | null } {
  const { sequential, completed, activatedAt, at } = terms
  let gate: Step | null = null
  let latest: Date | null = null
  /** Of all that come after the gate, until one of a later day. */
  let locked: Standing | null = null
  const standings = steps.map((step): Standing => {
    if (completed.has(step.id)) return standingCompleted
    const opens = opensAt(step, activatedAt)
    const own = opens && opens > at ? opens : null
    if (!sequential) return own ? lockedUntil(own) : standingOpen
    // All before it have to be completed, so that the latest of their days counts.
    if (own && (!latest || own > latest)) {
      latest = own
      locked = null
    }
    if (gate) {
      locked ??= { state: 'locked', lock: lockBy(gate, latest) }
      return locked
    }
    gate = step
    return own ? lockedUntil(own) : standingOpen
  })
  return { standings, end: gate ? lockBy(gate, latest) : null }
}

const lockedUntil = (opensAt: Date): Standing => ({
  state: 'locked',
  lock: { rule: 'date', lessonId: null, opensAt },
})

export interface Summary {
  readonly completedLessons: number
  readonly totalLessons: number
  /** Whole and rounded down, so that it is 100 only when everything is done. */
  readonly percent: number
}

interface Counted {
  readonly completedLessons: number
  readonly totalLessons: number
  /** The course has an exam, and it is not passed. */
  readonly examMissing: boolean
}

/** The percent of the lessons, which an exam that is not passed keeps below 100. */
export function summaryFrom({ completedLessons, totalLessons, examMissing }: Counted): Summary {
  const percent = totalLessons === 0 ? 0 : Math.floor((completedLessons * 100) / totalLessons)
  return { completedLessons, totalLessons, percent: examMissing ? Math.min(percent, 99) : percent }
}

/** A course without lessons cannot be completed. */
export function isComplete({ completedLessons, totalLessons, examMissing }: Counted): boolean {
  return totalLessons > 0 && completedLessons === totalLessons && !examMissing
}

/** What to do next: the first lesson that is open. */
export function nextOf<Lesson extends Standing>(lessons: readonly Lesson[]): Lesson | undefined {
  return lessons.find(({ state }) => state === 'open')
}
