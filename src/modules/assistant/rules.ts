const dayMs = 86_400_000
const holdMs = 300_000

/** The day that a moment's usage counts for, `2026-01-31`: in UTC, since a person chooses their time zone, and could choose another day. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

export function secondsToNextDay(at: Date): number {
  return (dayMs - (at.getTime() % dayMs)) / 1_000
}

/** Longer than two tries can take (platform/model/open-model.ts): so long a place in the quota is held for what is under way. */
export function heldUntil(at: Date): Date {
  return new Date(at.getTime() + holdMs)
}

export interface Taken {
  /** What was answered or left, and what is under way. */
  readonly taken: number
  /** All of the day, failures too. */
  readonly begun: number
}

/** What failed is no use to anybody and does not count; but nobody goes on failing at the school's cost. */
export function isWithinQuota({ taken, begun }: Taken, quota: number): boolean {
  return taken < quota && begun <= 3 * quota
}

/** Outputs are kept for a quarter, usage for a year. */
export function outdatedAt(at: Date): { outputsBefore: Date; dayBefore: string } {
  const ago = (days: number) => new Date(at.getTime() - days * dayMs)
  return { outputsBefore: ago(90), dayBefore: dayOf(ago(365)) }
}
