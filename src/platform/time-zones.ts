/** A moment by the clock of a time zone (an IANA name); by UTC where there is none, or none that is known any more. */
export function zoned(at: Date, timezone: string | null): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(at.getTime())
  try {
    return instant.toZonedDateTimeISO(timezone ?? 'UTC')
  } catch {
    return instant.toZonedDateTimeISO('UTC')
  }
}
