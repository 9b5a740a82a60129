import { describe, expect, it } from 'vitest'
import { isTimezone, shownZone, zoned, zoneOf } from './time-zones.ts'

describe('time zones', () => {
  it.each([
    ['Asia/Kolkata', true],
    ['Asia/Calcutta', true],
    ['asia/kolkata', true],
    ['Europe/Berlin', true],
    ['Etc/GMT+5', true],
    ['UTC', true],
    ['CET', true],
    ['IST', false],
    ['PST', false],
    ['US/Pacific-New', false],
    ['SystemV/AST4', false],
    ['Mars/Olympus', false],
    ['+05:30', false],
    ['Asia/\u212aolkata', false],
    ['', false],
  ])('%j is the name of one: %s', (name, is) => {
    expect(isTimezone(name)).toBe(is)
  })
  it.each([
    [null, 'UTC', 'UTC', 12],
    ['Europe/Berlin', 'Europe/Berlin', 'Europe/Berlin', 14],
    ['CET', 'CET', 'Europe/Brussels', 14],
    ['US/Pacific-New', 'America/Los_Angeles', 'America/Los_Angeles', 5],
    ['PST', 'America/Los_Angeles', 'America/Los_Angeles', 5],
    ['JST', 'Asia/Tokyo', 'Asia/Tokyo', 21],
    ['SystemV/AST4', 'UTC', 'UTC', 12],
    ['Mars/Olympus_Mons', 'UTC', 'UTC', 12],
  ])('%s that is stored is shown as %s, counted by as %s: %i o’clock', (said, shown, zone, hour) => {
    expect(shownZone(said)).toBe(shown)
    expect(zoneOf(said)).toBe(zone)
    expect(zoned(new Date('2026-07-01T12:00:00Z'), said).hour).toBe(hour)
  })
  it('shows a name as it was said, not as the runtime would', () => {
    expect(shownZone('Asia/Kolkata')).toBe('Asia/Kolkata')
    expect(zoned(new Date('2026-07-01T12:00:00Z'), 'IST').toPlainTime().toString()).toBe('17:30:00')
  })
})
