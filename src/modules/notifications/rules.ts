import type { NotificationDigest } from '../../platform/database/schema.ts'
import { zoned } from '../../platform/time-zones.ts'

const hour = 8
const monday = 1

/**
 * When the next digest after a moment is due: at 8:00 of the person's clock, whatever the clock does in between; a weekly one on
 * Mondays.
 * @param timezone IANA; null or one that the runtime does not know: UTC
 */
export function nextDigestAt(
  digest: Exclude<NotificationDigest, 'off'>,
  { timezone, after }: { timezone: string | null; after: Date },
): Date {
  const here = zoned(after, timezone)
  const time = Temporal.PlainTime.from({ hour })
  let next = here.withPlainTime(time)
  if (digest === 'weekly') next = next.add({ days: (monday - next.dayOfWeek + 7) % 7 }).withPlainTime(time)
  if (Temporal.ZonedDateTime.compare(next, here) <= 0)
    next = next.add({ days: digest === 'weekly' ? 7 : 1 }).withPlainTime(time)
  return new Date(next.epochMilliseconds)
}

const dayMs = 86_400_000

/** Read ones are kept for 90 days, all for a year. */
export function outdatedAt(at: Date): { readBefore: Date; madeBefore: Date } {
  return { readBefore: new Date(at.getTime() - 90 * dayMs), madeBefore: new Date(at.getTime() - 365 * dayMs) }
}

// What a script or somebody at the outline adds in one go is one piece of news.
const settleMs = 2_000

/** When the students of a course hear of a lesson that was added: soon, and at most once in 24 hours. */
export function newsDueAt(addedAt: Date, toldAt: Date | null): Date {
  return new Date(Math.max(addedAt.getTime() + settleMs, toldAt === null ? 0 : toldAt.getTime() + dayMs))
}

const programs: readonly [pattern: RegExp, name: string][] = [
  [/Edg[A-Z]*\//i, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly [pattern: RegExp, name: string][] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
]

/** The program that signed in, in words of ours: whoever signs in writes this header, and it goes into a mail. */
export function programOf(userAgent: string): string {
  const find = (among: typeof programs) => among.find(([pattern]) => pattern.test(userAgent))?.[1]
  const program = find(programs)
  const system = find(systems)
  if (program === undefined) return system === undefined ? 'an unknown program' : `a program on ${system}`
  return system === undefined ? program : `${program} on ${system}`
}
