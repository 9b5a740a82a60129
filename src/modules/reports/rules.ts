import { badField } from '../../platform/http/refusal.ts'
import { isTimezone, shownZone } from '../../platform/time-zones.ts'

export const intervals = ['day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

/** The days, weeks or months of a time zone that a series is of. */
export interface Period {
  readonly interval: Interval
  readonly timezone: string
  /** When each begins, and when the last one ends: one more than there are. Whole quarters of an hour, ascending. */
  readonly bounds: readonly Date[]
}

export interface PeriodQuery {
  readonly from?: string
  readonly to?: string
  readonly interval?: Interval
  readonly timezone?: string
}

const mostPoints = 1_000
const pointsUnasked = { day: 30, week: 12, month: 12 } as const
// Before then there were zones whose clocks differed by other than quarters of an hour; no school is as old.
const firstYear = 2000
const lastYear = 2999
const units = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } } as const

/**
 * Reads which days, weeks (ISO 8601, from Monday) or months are asked for. `from` and `to` are days of the time zone, both included, or
 * moments, of which `to` is not included; whatever they are in the middle of is taken whole. A day begins with its first moment: where
 * the clocks jump over midnight, later than at midnight.
 * @param context.timezone where none is asked for: the actor's; null or one that the runtime does not know: UTC
 * @throws Refusal 400 that names the field
 */
export function readPeriod(query: PeriodQuery, context: { timezone: string | null; at: Date }): Period {
  const { interval = 'day' } = query
  const timezone = readTimezone(query.timezone, context.timezone)
  const today = dayOf(Temporal.Instant.fromEpochMilliseconds(context.at.getTime()), timezone)
  const last = query.to === undefined ? today : readDay('to', query.to, timezone)
  const first =
    query.from === undefined
      ? beginOf(last, interval).subtract(times(units[interval], pointsUnasked[interval] - 1))
      : readDay('from', query.from, timezone)
  if (Temporal.PlainDate.compare(first, last) > 0)
    throw badField('/from', query.to === undefined ? 'must not be in the future' : 'must not be after to')
  return { interval, timezone, bounds: boundsOf(beginOf(first, interval), last, { interval, timezone }) }
}

function times(unit: Temporal.DurationLike, factor: number): Temporal.DurationLike {
  return Object.fromEntries(Object.entries(unit).map(([name, count]) => [name, count * factor]))
}

function readTimezone(asked: string | undefined, own: string | null): string {
  if (asked === undefined) return shownZone(own)
  if (!isTimezone(asked)) throw badField('/timezone', 'must be a time zone such as Asia/Kolkata (IANA)')
  return asked
}

function dayOf(at: Temporal.Instant, timezone: string): Temporal.PlainDate {
  return at.toZonedDateTimeISO(timezone).toPlainDate()
}

function readDay(field: 'from' | 'to', said: string, timezone: string): Temporal.PlainDate {
  const day = parseDay(field, said, timezone)
  if (day === null) throw badField(`/${field}`, 'must be a day such as 2026-01-31, or a moment (ISO 8601)')
  if (day.year < firstYear || day.year > lastYear)
    throw badField(`/${field}`, `must be between ${firstYear} and ${lastYear}`)
  return day
}

function parseDay(field: 'from' | 'to', said: string, timezone: string): Temporal.PlainDate | null {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(said)) return Temporal.PlainDate.from(said)
    if (!/^\d{4}-\d\d-\d\dT[^[]*$/.test(said)) return null
    const at = /(Z|[+-]\d\d:?\d\d)$/.test(said)
      ? Temporal.Instant.from(said)
      : Temporal.PlainDateTime.from(said).toZonedDateTime(timezone).toInstant()
    return dayOf(field === 'to' ? at.subtract({ milliseconds: 1 }) : at, timezone)
  } catch {
    return null
  }
}

function beginOf(day: Temporal.PlainDate, interval: Interval): Temporal.PlainDate {
  if (interval === 'week') return day.subtract({ days: day.dayOfWeek - 1 })
  return interval === 'month' ? day.with({ day: 1 }) : day
}

function boundsOf(
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
  { interval, timezone }: { interval: Interval; timezone: string },
): Date[] {
  const bounds: Date[] = []
  for (let count = 0; ; count++) {
    const day = first.add(times(units[interval], count))
    const at = new Date(day.toZonedDateTime(timezone).epochMilliseconds)
    // A day that a zone left out, when it went over the date line, is none.
    if (at.getTime() !== bounds.at(-1)?.getTime()) bounds.push(at)
    if (Temporal.PlainDate.compare(day, last) > 0) return bounds
    if (bounds.length > mostPoints)
      throw badField('/from', `there are more than ${mostPoints} ${interval}s from then to to`)
  }
}

const quarterMs = 900_000
const quartersOfDay = 96

/** Which quarters of an hour of a day of UTC belong to an interval, which `place` counts from 1. */
export interface Piece {
  readonly place: number
  /** `2026-03-01` */
  readonly day: string
  /** From midnight: 0 to 95. */
  readonly first: number
  readonly length: number
}

/** Cuts the intervals of a period at the midnights of UTC. */
export function piecesOf({ bounds }: Period): Piece[] {
  const quarters = bounds.map((bound) => bound.getTime() / quarterMs)
  return quarters.slice(1).flatMap((until, index) => {
    const since = quarters[index] ?? until
    const pieces: Piece[] = []
    for (let from = since; from < until; ) {
      const first = from % quartersOfDay
      const length = Math.min(quartersOfDay - first, until - from)
      const day = new Date(from * quarterMs).toISOString().slice(0, 10)
      pieces.push({ place: index + 1, day, first, length })
      from += length
    }
    return pieces
  })
}

/** A number for each interval, zero where there is none; `place` counts them from 1, as `width_bucket` does. */
export function fill<Row extends { readonly place: number }, Point>(
  { bounds }: Period,
  rows: readonly Row[],
  point: (rows: readonly Row[]) => Point,
): (Point & { start: Date })[] {
  const byPlace = Map.groupBy(rows, ({ place }) => place)
  return bounds.slice(0, -1).map((start, index) => ({ start, ...point(byPlace.get(index + 1) ?? []) }))
}
