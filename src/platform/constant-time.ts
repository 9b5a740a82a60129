import { timingSafeEqual } from 'node:crypto'

/**
 * Whether a secret, or a MAC, that somebody sent is the expected one. Takes as long wherever the two differ, so that nobody can guess
 * one piece by piece; only that their lengths differ may show.
 */
export function isSameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
