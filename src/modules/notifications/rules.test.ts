import { describe, expect, it } from 'vitest'
import { newsDueAt, nextDigestAt, outdatedAt, programOf } from './rules.ts'

describe('the next digest comes at 8:00 of the clock on the wall', () => {
  it.each([
    // a plain day, before and after, and at 8:00 itself
    ['daily', 'UTC', '2026-03-04T07:59:59Z', '2026-03-04T08:00:00Z'],
    ['daily', 'UTC', '2026-03-04T08:00:00Z', '2026-03-05T08:00:00Z'],
    ['daily', null, '2026-03-04T09:00:00Z', '2026-03-05T08:00:00Z'],
    // zones with halves and quarters of an hour, and on both sides of the date line
    ['daily', 'Asia/Kolkata', '2026-03-04T02:29:00Z', '2026-03-04T02:30:00Z'],
    ['daily', 'Asia/Kathmandu', '2026-03-04T02:15:00Z', '2026-03-05T02:15:00Z'],
    ['daily', 'Pacific/Kiritimati', '2026-03-04T17:00:00Z', '2026-03-04T18:00:00Z'],
    ['daily', 'Pacific/Pago_Pago', '2026-03-04T18:00:00Z', '2026-03-04T19:00:00Z'],
    // the night in which an hour is missing: 23 hours later
    ['daily', 'Europe/Berlin', '2026-03-28T07:00:00Z', '2026-03-29T06:00:00Z'],
    ['daily', 'America/New_York', '2026-03-07T13:00:00Z', '2026-03-08T12:00:00Z'],
    // the night that has an hour twice: 25 hours later
    ['daily', 'Europe/Berlin', '2026-10-24T06:00:00Z', '2026-10-25T07:00:00Z'],
    ['daily', 'America/New_York', '2026-10-31T12:00:00Z', '2026-11-01T13:00:00Z'],
    // in the hour that comes twice it is still before 8:00
    ['daily', 'Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25T07:00:00Z'],
    // Mondays, by the local calendar
    ['weekly', 'UTC', '2026-03-04T09:00:00Z', '2026-03-09T08:00:00Z'],
    ['weekly', 'UTC', '2026-03-09T07:00:00Z', '2026-03-09T08:00:00Z'],
    ['weekly', 'UTC', '2026-03-09T08:00:00Z', '2026-03-16T08:00:00Z'],
    ['weekly', 'Europe/Berlin', '2026-03-23T07:00:00Z', '2026-03-30T06:00:00Z'],
    ['weekly', 'Europe/Berlin', '2026-10-19T06:00:00Z', '2026-10-26T07:00:00Z'],
    ['weekly', 'Pacific/Auckland', '2026-06-07T19:00:00Z', '2026-06-07T20:00:00Z'],
    ['weekly', 'America/Los_Angeles', '2026-06-08T07:30:00Z', '2026-06-08T15:00:00Z'],
    // names that were zones once, and one that never was
    ['daily', 'IST', '2026-03-04T02:29:00Z', '2026-03-04T02:30:00Z'],
    ['daily', 'PST', '2026-03-04T15:00:00Z', '2026-03-04T16:00:00Z'],
    ['daily', 'Mars/Olympus', '2026-03-04T07:00:00Z', '2026-03-04T08:00:00Z'],
  ] as const)('%s in %s after %s: %s', (digest, timezone, after, next) => {
    expect(nextDigestAt(digest, { timezone, after: new Date(after) })).toEqual(new Date(next))
  })

  it('365 a year in every zone, never two on one date', () => {
    for (const timezone of Intl.supportedValuesOf('timeZone')) {
      const days = new Set<string>()
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: timezone })
      const hour = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeStyle: 'short' })
      const end = new Date('2027-01-01T12:00:00Z')
      for (let at = new Date('2026-01-01T12:00:00Z'); at < end; ) {
        at = nextDigestAt('daily', { timezone, after: at })
        expect(hour.format(at)).toBe('08:00')
        days.add(day.format(at))
      }
      expect(days.size, timezone).toBeGreaterThanOrEqual(365)
    }
  })
})

describe('news of lessons', () => {
  const at = new Date('2026-03-04T12:00:00Z')
  it.each([
    [null, '2026-03-04T12:00:02Z'],
    ['2026-03-01T12:00:00Z', '2026-03-04T12:00:02Z'],
    ['2026-03-04T11:00:00Z', '2026-03-05T11:00:00Z'],
  ])('last told at %s: due at %s', (toldAt, due) => {
    expect(newsDueAt(at, toldAt === null ? null : new Date(toldAt))).toEqual(new Date(due))
  })
})

it('keeps what was read for 90 days, all for a year', () => {
  expect(outdatedAt(new Date('2027-01-01T00:00:00Z'))).toEqual({
    readBefore: new Date('2026-10-03T00:00:00Z'),
    madeBefore: new Date('2026-01-01T00:00:00Z'),
  })
})

describe('the program that signs in', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['okhttp/4.12 (Android 14)', 'a program on Android'],
    ['<b>Your bank</b> https://evil.example', 'an unknown program'],
  ])('%s: %s', (userAgent, words) => {
    expect(programOf(userAgent)).toBe(words)
  })
})
