import { describe, expect, it } from 'vitest'
import { endingRemindedAt, idleDaysIn, idleSince, latestToEnd, searchedFrom, tellAt } from './rules.ts'

const never = new Date('2100-01-01T00:00:00Z')

describe('tellAt', () => {
  it.each([
    ['by day, at once', 'Europe/Berlin', '2026-01-15T08:00:00Z', '2026-01-15T08:00:00.000Z'],
    ['a minute before 20:00, at once', 'Europe/Berlin', '2026-01-15T18:59:00Z', '2026-01-15T18:59:00.000Z'],
    [
      'at 20:00, at 9:00 of the next day',
      'Europe/Berlin',
      '2026-01-15T19:00:00Z',
      '2026-01-16T08:00:00.000Z',
    ],
    ['early, at 9:00 of the same day', 'Europe/Berlin', '2026-01-15T02:00:00Z', '2026-01-15T08:00:00.000Z'],
    [
      'over the night in which summer time begins',
      'Europe/Berlin',
      '2026-03-28T20:30:00Z',
      '2026-03-29T07:00:00.000Z',
    ],
    ['over the night in which it ends', 'Europe/Berlin', '2026-10-24T20:30:00Z', '2026-10-25T08:00:00.000Z'],
    [
      'in New York, when summer time begins',
      'America/New_York',
      '2026-03-08T05:00:00Z',
      '2026-03-08T13:00:00.000Z',
    ],
    [
      'where zones differ by quarters of an hour',
      'Asia/Kathmandu',
      '2026-01-15T00:00:00Z',
      '2026-01-15T03:15:00.000Z',
    ],
    ['where a day was left out', 'Pacific/Apia', '2011-12-30T07:00:00Z', '2011-12-30T19:00:00.000Z'],
    ['in the zone that a name stored once was', 'JST', '2026-01-15T12:00:00Z', '2026-01-16T00:00:00.000Z'],
    ['in UTC, where no time zone is told', null, '2026-01-15T21:00:00Z', '2026-01-16T09:00:00.000Z'],
    [
      'in UTC, where the time zone is none',
      'Mars/Olympus',
      '2026-01-15T03:00:00Z',
      '2026-01-15T09:00:00.000Z',
    ],
  ])('%s', (_title, timezone, at, told) => {
    expect(tellAt({ timezone, at: new Date(at), latestAt: never }).toISOString()).toBe(told)
  })

  it('does not wait for a morning that is too late', () => {
    const at = new Date('2026-01-15T21:00:00Z')
    const timezone = 'UTC'
    const morning = new Date('2026-01-16T09:00:00Z')
    expect(tellAt({ timezone, at, latestAt: morning })).toEqual(morning)
    expect(tellAt({ timezone, at, latestAt: new Date(morning.getTime() - 1) })).toEqual(at)
  })
})

describe('the end of an attempt', () => {
  const started_at = new Date('2026-01-01T00:00:00Z')
  const minute = (minutes: number) => new Date(started_at.getTime() + minutes * 60_000)
  it.each([
    [119, null, null],
    [120, 90, 105],
    [480, 360, 420],
    [96 * 60, 72 * 60, 95 * 60],
    [30 * 24 * 60, 29 * 24 * 60, 30 * 24 * 60 - 60],
  ])('of %i minutes is told after %s, and until %s', (length, told, latest) => {
    const attempt = { started_at, deadline: minute(length) }
    expect(endingRemindedAt(attempt)).toEqual(told === null ? null : minute(told))
    if (latest !== null) expect(latestToEnd(attempt)).toEqual(minute(latest))
  })
})

describe('idleDaysIn', () => {
  it('has each day once, whatever the spans: whole days of nothing in between', () => {
    const at = (time: string) => new Date(`2026-03-${time}Z`)
    expect(idleDaysIn({ from: at('10T00:00:00'), until: at('10T23:59:59') })).toEqual([])
    expect(idleDaysIn({ from: at('10T23:59:59'), until: at('11T00:00:00') })).toEqual([
      { days: 7, day: '2026-03-03' },
      { days: 30, day: '2026-02-08' },
    ])
    expect(idleDaysIn({ from: at('10T12:00:00'), until: at('12T12:00:00') })).toHaveLength(4)
  })

  it('and who did something on that day only has done nothing since', () => {
    const [week] = idleDaysIn({
      from: new Date('2026-03-10T23:00:00Z'),
      until: new Date('2026-03-11T00:05:00Z'),
    })
    expect(idleSince(new Date('2026-03-11T00:05:00Z'), 7) > (week?.day ?? '')).toBe(true)
  })
})

it('a search goes back three days at most', () => {
  const until = new Date('2026-03-11T00:00:00Z')
  expect(searchedFrom(new Date('2026-03-10T00:00:00Z'), until)).toEqual(new Date('2026-03-10T00:00:00Z'))
  expect(searchedFrom(new Date('2026-01-01T00:00:00Z'), until)).toEqual(new Date('2026-03-08T00:00:00Z'))
})
