import { describe, expect, it } from 'vitest'
import { Refusal } from '../../platform/http/refusal.ts'
import { type PeriodQuery, readPeriod } from './rules.ts'

const at = new Date('2026-11-21T20:00:00Z')
const read = (query: PeriodQuery, timezone: string | null = null) => readPeriod(query, { timezone, at })
const bounds = (query: PeriodQuery) => read(query).bounds.map((bound) => bound.toISOString().slice(0, 16))

describe('readPeriod', () => {
  it.each([
    ['a day of 23 hours', 'America/New_York', '2026-03-08', ['2026-03-08T05:00', '2026-03-09T04:00']],
    ['a day of 25 hours', 'America/New_York', '2026-11-01', ['2026-11-01T04:00', '2026-11-02T05:00']],
    [
      'clocks that move by half an hour',
      'Australia/Lord_Howe',
      '2026-10-04',
      ['2026-10-03T13:30', '2026-10-04T13:00'],
    ],
    ['an offset of 45 minutes', 'Asia/Kathmandu', '2026-05-05', ['2026-05-04T18:15', '2026-05-05T18:15']],
    ['a midnight that is skipped', 'Asia/Beirut', '2026-03-29', ['2026-03-28T22:00', '2026-03-29T21:00']],
    ['a midnight that comes twice', 'America/Havana', '2026-11-01', ['2026-11-01T04:00', '2026-11-02T05:00']],
    ['a day of the calendar that a zone never had', 'Pacific/Apia', '2011-12-30', ['2011-12-30T10:00']],
  ])('knows %s: %s, %s', (_, timezone, day, expected) => {
    expect(bounds({ from: day, to: day, timezone })).toEqual(expected)
  })
  it('takes weeks from Monday and months whole, whatever they are in the middle of', () => {
    const between = { from: '2026-01-01', to: '2026-01-05' }
    expect(bounds({ ...between, interval: 'week' })).toEqual([
      '2025-12-29T00:00',
      '2026-01-05T00:00',
      '2026-01-12T00:00',
    ])
    expect(bounds({ from: '2026-01-31', to: '2026-02-28', interval: 'month' })).toEqual([
      '2026-01-01T00:00',
      '2026-02-01T00:00',
      '2026-03-01T00:00',
    ])
  })
  it.each([
    ['2026-03-01T23:30:00Z', '2026-03-02T18:30:00Z', ['2026-03-01T18:30', '2026-03-02T18:30']],
    [
      '2026-03-01T00:00:00',
      '2026-03-03T00:00:00',
      ['2026-02-28T18:30', '2026-03-01T18:30', '2026-03-02T18:30'],
    ],
    ['2026-03-02T00:00:00+05:30', '2026-03-02', ['2026-03-01T18:30', '2026-03-02T18:30']],
  ])('takes moments, of which the last is not included: %s to %s', (from, to, expected) => {
    expect(bounds({ from, to, timezone: 'Asia/Kolkata' })).toEqual(expected)
  })
  it.each([
    ['day', 30, '2026-10-23T18:30'],
    ['week', 12, '2026-08-30T18:30'],
    ['month', 12, '2025-11-30T18:30'],
  ] as const)(
    'is of the last %ss in the own time zone where nothing is said: %i',
    (interval, count, first) => {
      const period = readPeriod({ interval }, { timezone: 'Asia/Kolkata', at })
      expect(period.timezone).toBe('Asia/Kolkata')
      expect(period.bounds).toHaveLength(count + 1)
      expect(period.bounds[0]?.toISOString().slice(0, 16)).toBe(first)
      // It is the 22nd there by now.
      expect(Number(period.bounds.at(-1)) > Number(at)).toBe(true)
    },
  )
  it.each([null, 'Mars/Olympus'])('is in UTC where the profile says %s', (timezone) => {
    expect(read({}, timezone).timezone).toBe('UTC')
  })
  it.each([
    ['IST', 'Asia/Calcutta', '2026-10-23T18:30'],
    ['PST', 'America/Los_Angeles', '2026-10-23T07:00'],
    ['US/Pacific-New', 'America/Los_Angeles', '2026-10-23T07:00'],
  ])('is in the zone that %s was, where the profile still says it: %s', (stored, timezone, first) => {
    const period = read({}, stored)
    expect(period.timezone).toBe(timezone)
    expect(period.bounds[0]?.toISOString().slice(0, 16)).toBe(first)
  })
  it('has a thousand points at most', () => {
    expect(read({ from: '2024-01-01', to: '2026-09-26' }).bounds).toHaveLength(1_001)
  })
  it.each<[string, PeriodQuery]>([
    ['/timezone', { timezone: 'Mars/Olympus' }],
    ['/timezone', { timezone: 'IST' }],
    ['/timezone', { timezone: 'PST' }],
    ['/timezone', { timezone: 'US/Pacific-New' }],
    ['/timezone', { timezone: 'SystemV/AST4' }],
    ['/timezone', { timezone: '+05:30' }],
    ['/from', { from: '2026-02-30' }],
    ['/from', { from: 'yesterday' }],
    ['/from', { from: '2026-03-01T10:00:00Z[UTC]' }],
    ['/from', { from: '1999-12-31' }],
    ['/to', { to: '3000-01-01' }],
    ['/to', { to: '2026-01-01T25:00:00Z' }],
    ['/from', { from: '2026-03-02', to: '2026-03-01' }],
    ['/from', { from: '2026-12-24' }],
    ['/from', { from: '2024-01-01', to: '2026-09-27' }],
    ['/from', { from: '2000-01-01', to: '2999-12-31', interval: 'week' }],
  ])('400 %s: %o', (path, query) => {
    const refused = (() => {
      try {
        return read(query)
      } catch (error) {
        return error
      }
    })()
    expect(refused).toBeInstanceOf(Refusal)
    expect((refused as Refusal).details.errors).toMatchObject([{ path }])
  })
})
