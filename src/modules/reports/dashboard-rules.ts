const minuteMs = 60_000
const quarterMs = 15 * minuteMs
const dayMs = 1_440 * minuteMs

/** When the month began that a moment lies in, by the calendar of a zone. */
export function monthStartOf(at: Date, zone: string): Date {
  const here = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
  return new Date(here.with({ day: 1 }).startOfDay().epochMilliseconds)
}

/** The beginning of the quarter of an hour that was so many days ago: activity is kept by those. */
export function daysAgo(at: Date, days: number): Date {
  return new Date(Math.floor((at.getTime() - days * dayMs) / quarterMs) * quarterMs)
}

/** The day of UTC that a moment lies in, as PostgreSQL reads it. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** The first midnight of UTC that is not before a moment. */
export function utcMidnightFrom(at: Date): Date {
  return new Date(Math.ceil(at.getTime() / dayMs) * dayMs)
}

/** Which quarter of an hour of its UTC day a moment lies in: 0 to 95. */
export function quarterOfDay(at: Date): number {
  return Math.floor((at.getTime() % dayMs) / quarterMs)
}

/** Whole percent, rounded down; 0 of nothing. Counts that are kept beside each other may be a moment apart, so never above 100. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(100, Math.max(0, Math.floor((part * 100) / whole)))
}

/** How far everybody in a course has come on average: who completed it counts in full, whatever was added to it since. */
export function averagePercent(course: {
  active: number
  completed: number
  lessons: number
  /** Of those who are under way, all together. */
  completedLessons: number
}): number {
  const { active, completed, lessons, completedLessons } = course
  if (lessons === 0) return percentOf(completed, active + completed)
  return percentOf(completed * lessons + completedLessons, (active + completed) * lessons)
}

/** The average of stars, to two places; 0 of none. */
export function averageStars({ count, stars }: { count: number; stars: number }): number {
  return count === 0 ? 0 : Math.round((stars * 100) / count) / 100
}
