import type { AttemptStatus, QuizReveal } from '../../platform/database/schema.ts'

/** What was answered before the deadline may be this long on its way. */
export const graceMs = 5_000

/** The moment after which nothing is taken any more; null: there is no time limit. */
export function lastMomentOf(deadline: Date | null): Date | null {
  return deadline && new Date(deadline.getTime() + graceMs)
}

export function isOver(deadline: Date | null, at: Date): boolean {
  const last = lastMomentOf(deadline)
  return last !== null && at > last
}

export function deadlineOf(at: Date, timeLimitSeconds: number | null): Date | null {
  return timeLimitSeconds === null ? null : new Date(at.getTime() + timeLimitSeconds * 1_000)
}

export interface Closing {
  readonly status: Exclude<AttemptStatus, 'open'>
  readonly submittedAt: Date
}

/** How an attempt closes at a moment: what is late is graded as it was saved by the deadline. */
export function closingOf(deadline: Date | null, at: Date): Closing {
  return deadline && isOver(deadline, at)
    ? { status: 'expired', submittedAt: deadline }
    : { status: 'submitted', submittedAt: at }
}

export interface RevealFacts {
  readonly status: AttemptStatus
  readonly reveal: QuizReveal
  /** Whether any attempt of this person at the quiz passed. */
  readonly everPassed: boolean
  readonly closedAttempts: number
  readonly maxAttempts: number | null
}

/** Whether its student may see what was right in an attempt. Where attempts are not limited, there is no last one. */
export function isRevealed({
  status,
  reveal,
  everPassed,
  closedAttempts,
  maxAttempts,
}: RevealFacts): boolean {
  if (status === 'open') return false
  switch (reveal) {
    case 'never':
      return false
    case 'after_submit':
      return true
    case 'after_pass':
      return everPassed
    case 'after_last_attempt':
      return maxAttempts !== null && closedAttempts >= maxAttempts
  }
}
