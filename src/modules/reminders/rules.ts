import { zoned } from '../../platform/time-zones.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Reminders come at these hours of a person's clock: from the first, before the second. */
const opens = 9
const closes = 20

/**
 * When a person may be told of what is due now: now, or at 9:00 of their clock where it is night; now all the same, where that would be
 * too late.
 * @param due.timezone IANA; null or one that the runtime does not know: UTC
 * @param due.latestAt what is told later than this is of no use
 */
export function tellAt({
  timezone,
  at,
  latestAt,
}: {
  timezone: string | null
  at: Date
  latestAt: Date
}): Date {
  const here = zoned(at, timezone)
  if (here.hour >= opens && here.hour < closes) return at
  const day = here.hour < opens ? here : here.add({ days: 1 })
  const morning = new Date(day.withPlainTime({ hour: opens }).epochMilliseconds)
  return morning > latestAt ? at : morning
}

const plus = (at: Date, ms: number) => new Date(at.getTime() + ms)

/** How long an enrollment waits for its payment before its student is reminded; after 24 hours it ends. */
export const unpaidMs = 4 * hourMs
/** Two hours before it ends, nobody would pay in time. */
export function latestToPay(since: Date): Date {
  return plus(since, 22 * hourMs)
}

/** When an enrollment was so many days old: days of 24 hours, as lessons count them. */
export function reachedAt({ at, days }: { readonly at: Date; readonly days: number }): Date {
  return plus(at, days * dayMs)
}

/** That a lesson opens today is no news a day later. */
export function latestToOpen(opensAt: Date): Date {
  return plus(opensAt, dayMs)
}

/** After how many days without doing anything in a course its student is reminded; a third time, never. */
export const idleDays = [7, 30] as const
/** A reminder that comes so late is of another week. */
export function latestOfIdle(since: Date): Date {
  return plus(since, 3 * dayMs)
}

const shortestMs = 2 * hourMs
const longestNoticeMs = dayMs

/**
 * When somebody is reminded that the time of their attempt ends: when a quarter of it is left, a day at most. Null where it is so short
 * that they are sitting in front of it.
 */
export function endingRemindedAt(attempt: { started_at: Date; deadline: Date }): Date | null {
  const ms = attempt.deadline.getTime() - attempt.started_at.getTime()
  return ms < shortestMs ? null : plus(attempt.deadline, -Math.min(longestNoticeMs, ms / 4))
}
/** When half of that notice is over, or an hour before the end, there is little left to do. */
export function latestToEnd({ started_at, deadline }: { started_at: Date; deadline: Date }): Date {
  const ms = deadline.getTime() - started_at.getTime()
  return plus(deadline, -Math.min(hourMs, ms / 8))
}
/** Whose time ends after this is not reminded yet, however much of it there was. */
export function endingBefore(at: Date): Date {
  return plus(at, longestNoticeMs)
}

/** A search that was broken off for longer leaves out what was due before: nobody is told of it so late. */
export function searchedFrom(reached: Date, until: Date): Date {
  return new Date(Math.max(reached.getTime(), until.getTime() - 3 * dayMs))
}

/** As PostgreSQL writes a day in UTC. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

export interface IdleDay {
  /** After how many days without anything. */
  readonly days: number
  /** The last one on which something was done, in UTC. */
  readonly day: string
}

/** The days after which a person has done nothing for so many whole days, since some moment in a span. */
export function idleDaysIn({ from, until }: { from: Date; until: Date }): IdleDay[] {
  const midnights: Date[] = []
  for (let ms = (Math.floor(from.getTime() / dayMs) + 1) * dayMs; ms <= until.getTime(); ms += dayMs)
    midnights.push(new Date(ms))
  return idleDays.flatMap((days) =>
    midnights.map((midnight) => ({ days, day: dayOf(plus(midnight, -(days + 1) * dayMs)) })),
  )
}

/** The first day (UTC) of the time in which nothing may have been done. */
export function idleSince(at: Date, days: number): string {
  return dayOf(plus(at, -days * dayMs))
}
