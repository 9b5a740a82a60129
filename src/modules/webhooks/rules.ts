/** How many endpoints a school may have. */
export const mostEndpoints = 20

const minute = 60
const hour = 3_600
const dayMs = 86_400_000

/** How long after each failed attempt the next one is made (the schedule that Standard Webhooks proposes): three days in all. */
const delaysSeconds = [
  5,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]
const longestDelaySeconds = 24 * hour
/** By how much of itself a delay may be longer, so that what failed together does not come back together. */
const spreadShare = 0.1
const failingDays = 3
const longestRestSeconds = 5 * minute
const failuresBeforeRest = 3

export type Verdict =
  | { readonly status: 'delivered' }
  | { readonly status: 'failed' }
  | { readonly status: 'pending'; readonly nextAttemptAt: Date }

/**
 * What becomes of a delivery by an attempt. Only 2xx is success; a redirect is none.
 * @param attempt.tries how many there were before
 * @param attempt.spread from 0 to 1, by chance
 * @param attempt.retryAfter the header, of a 429 or 503 above all
 */
export function judge(attempt: {
  at: Date
  tries: number
  status: number | null
  retryAfter: string | null
  spread: number
}): Verdict {
  const { at, tries, status, retryAfter, spread } = attempt
  if (status !== null && status >= 200 && status < 300) return { status: 'delivered' }
  const delay = delaysSeconds[tries]
  if (delay === undefined || isGone(status)) return { status: 'failed' }
  const asked = Math.min(secondsOf(retryAfter, at), longestDelaySeconds)
  const seconds = Math.max(delay * (1 + spreadShare * spread), asked)
  return { status: 'pending', nextAttemptAt: new Date(at.getTime() + Math.round(seconds * 1_000)) }
}

/** The receiver wants no more (RFC 9110, section 15.5.11). */
export function isGone(status: number | null): boolean {
  return status === 410
}

/** Whether nothing got through for so long that nobody seems to be there. */
export function isLost(failingSince: Date, at: Date): boolean {
  return at.getTime() - failingSince.getTime() >= failingDays * dayMs
}

/**
 * How long an endpoint is left alone after so many failures in a row, whatever they were about: one that hangs or is down is tried by a
 * few deliveries at a time, and the others wait without using up their attempts.
 */
export function restSeconds(failures: number): number {
  if (failures < failuresBeforeRest) return 0
  return Math.min(2 ** (failures - failuresBeforeRest + 1), longestRestSeconds)
}

/** Retry-After (RFC 9110, section 10.2.3): seconds or a date; 0 where it says neither. */
function secondsOf(header: string | null, at: Date): number {
  if (header === null) return 0
  if (/^\d{1,9}$/.test(header.trim())) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.max(0, (date - at.getTime()) / 1_000)
}

/** The filters that let an event of this type through. */
export function filtersFor(type: string): string[] {
  return [type, `${type.split('.')[0]}.*`, '*']
}

/** The places of the filters that no type would ever pass. */
export function unknownFilters(filters: readonly string[], types: readonly string[]): number[] {
  const known = new Set(types.flatMap(filtersFor))
  return filters.flatMap((filter, index) => (known.has(filter) ? [] : [index]))
}

/**
 * The key of a secret: what follows `whsec_` in base64, as Standard Webhooks has it, and the bytes of any other.
 * @returns null where it begins with `whsec_` and is not 24 to 64 bytes of base64
 */
export function keyOfSecret(secret: string): Buffer | null {
  if (!secret.startsWith(secretPrefix)) return Buffer.from(secret)
  const text = secret.slice(secretPrefix.length)
  const key = Buffer.from(text, 'base64')
  const isBase64 = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  return isBase64 && key.length >= 24 && key.length <= 64 ? key : null
}

export const secretPrefix = 'whsec_'

/** What the audit log says of where an endpoint is: never more of its address than the host. */
export function aimOf({ url, events }: { readonly url: string; readonly events: readonly string[] }) {
  return { host: new URL(url).host, events: [...events] }
}
