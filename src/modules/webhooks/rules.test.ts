import { describe, expect, it } from 'vitest'
import { filtersFor, isLost, judge, keyOfSecret, restSeconds, unknownFilters } from './rules.ts'

const at = new Date('2026-03-01T00:00:00.000Z')
const failed = { at, tries: 0, status: 500, retryAfter: null, spread: 0 }
const secondsTo = (verdict: ReturnType<typeof judge>) =>
  verdict.status === 'pending' ? (verdict.nextAttemptAt.getTime() - at.getTime()) / 1_000 : verdict.status

describe('an attempt', () => {
  it.each([200, 201, 202, 204, 299])('%i delivers', (status) =>
    expect(judge({ ...failed, status })).toEqual({ status: 'delivered' }),
  )

  it.each([null, 100, 301, 302, 307, 400, 404, 429, 500, 503])('%s is tried again', (status) =>
    expect(secondsTo(judge({ ...failed, status }))).toBe(5),
  )

  it('410 is the last', () => expect(secondsTo(judge({ ...failed, status: 410 }))).toBe('failed'))

  it('is made ten times, over more than three days', () => {
    const waits = Array.from({ length: 10 }, (_, tries) => secondsTo(judge({ ...failed, tries })))
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 'failed'])
    const total = waits.reduce<number>((sum, wait) => sum + (typeof wait === 'number' ? wait : 0), 0)
    expect(total).toBeGreaterThan(3 * 86_400)
  })

  it('comes up to a tenth later, by chance', () =>
    expect(secondsTo(judge({ ...failed, tries: 1, spread: 0.5 }))).toBe(315))

  it.each([
    ['120', 120],
    ['1', 5],
    ['Sun, 01 Mar 2026 00:10:00 GMT', 600],
    ['Sat, 28 Feb 2026 00:00:00 GMT', 5],
    ['999999999', 86_400],
    ['soon', 5],
    ['-1', 5],
  ])('with Retry-After: %s comes after %i seconds', (retryAfter, seconds) =>
    expect(secondsTo(judge({ ...failed, retryAfter }))).toBe(seconds),
  )
})

it.each([
  [0, 0],
  [2, 0],
  [3, 2],
  [4, 4],
  [9, 128],
  [11, 300],
  [5_000, 300],
])('after %i failures in a row it rests for %i seconds', (failures, seconds) =>
  expect(restSeconds(failures)).toBe(seconds),
)

it('is lost after three days of failures', () => {
  const after = (hours: number) => new Date(at.getTime() + hours * 3_600_000)
  expect([isLost(at, after(71.9)), isLost(at, after(72))]).toEqual([false, true])
})

it('passes by its type, its family and everything', () =>
  expect(filtersFor('payment.captured')).toEqual(['payment.captured', 'payment.*', '*']))

it.each([
  [['*'], []],
  [['payment.*', 'course.published'], []],
  [
    ['payment.captured', 'payment.bogus', 'bogus.*', 'payment', '**', ''],
    [1, 2, 3, 4, 5],
  ],
])('knows filters that would let nothing through: %j', (filters, unknown) =>
  expect(unknownFilters(filters, ['payment.captured', 'course.published'])).toEqual(unknown),
)

it.each([
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 24],
  [`whsec_${Buffer.alloc(64, 1).toString('base64')}`, 64],
  [`whsec_${Buffer.alloc(25, 1).toString('base64').replaceAll('=', '')}`, 25],
  ['a secret of theirs', 18],
])('the key of %s has %i bytes', (secret, bytes) => expect(keyOfSecret(secret)).toHaveLength(bytes))

it.each([
  'whsec_',
  'whsec_c2hvcnQ=',
  'whsec_not base64 at all, though long enough for it',
  `whsec_${Buffer.alloc(65).toString('base64')}`,
])('is no key: %s', (secret) => expect(keyOfSecret(secret)).toBeNull())
