/**
 * The zone whose days a person lives by, under the name that PostgreSQL knows too: the runtime also takes names that were given up.
 * @param timezone IANA; null or one that the runtime does not know (any more): UTC
 */
export function zoneOf(timezone: string | null): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone ?? 'UTC' }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}
