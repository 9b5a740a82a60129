/** What names stand for, in small letters: there are some hundred of them, and asking costs more than many a request. */
const zones = new Map<string, string>()

/**
 * The zone (IANA) to count days and hours by, under the name that PostgreSQL reads as `Temporal` does: PostgreSQL's `CET` knows no
 * summer, its `IST` is Israel's. Names that may not be said any more (`isTimezone`) but were stored once are what they were then.
 * @param timezone null or one that the runtime does not know (any more): UTC
 */
export function zoneOf(timezone: string | null): string {
  return (timezone !== null && findZone(timezone)) || 'UTC'
}

function findZone(name: string): string | null {
  // A bare offset passes below, too, but knows no summer time, and PostgreSQL reads its sign the other way round.
  if (!/^[a-z][\w/+-]*$/i.test(name)) return null
  const key = name.toLowerCase()
  const known = zones.get(key)
  if (known !== undefined) return known
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
    if (!isTaken(zone)) return null
    zones.set(key, zone)
    return zone
  } catch {
    return null
  }
}

/** `Intl` takes old names of ICU's, such as IST and SystemV/AST4, `Temporal` only IANA's. */
function isTaken(name: string): boolean {
  try {
    return Boolean(Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name))
  } catch {
    return false
  }
}

/** Whether this is the name of a time zone (IANA): wherever one may be said, this decides. */
export function isTimezone(name: string): boolean {
  return findZone(name) !== null && isTaken(name)
}

/** The zone to name where one was counted by: as it was said, where it may be. The runtime would make Calcutta of Kolkata. */
export function shownZone(timezone: string | null): string {
  return timezone !== null && isTimezone(timezone) ? timezone : zoneOf(timezone)
}

/** A moment by the clock of a time zone; by UTC where there is none, or none that is known any more. */
export function zoned(at: Date, timezone: string | null): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zoneOf(timezone))
}
