import { describe, expect, it } from 'vitest'
import {
  averagePercent,
  averageStars,
  daysAgo,
  monthStartOf,
  percentOf,
  utcMidnightFrom,
} from './dashboard-rules.ts'

describe('the first midnight of UTC from a moment on', () => {
  it.each([
    ['2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T00:15:00.000Z', '2026-03-02T00:00:00.000Z'],
    ['2026-02-28T18:30:00.000Z', '2026-03-01T00:00:00.000Z'],
  ])('%s: %s', (at, midnight) => expect(utcMidnightFrom(new Date(at)).toISOString()).toBe(midnight))
})

describe('the beginning of the month', () => {
  it.each([
    ['UTC', '2026-03-15T12:00:00Z', '2026-03-01T00:00:00Z'],
    ['Asia/Kolkata', '2026-03-31T19:00:00Z', '2026-03-31T18:30:00Z'],
    ['America/New_York', '2026-03-15T12:00:00Z', '2026-03-01T05:00:00Z'],
    ['America/New_York', '2026-04-15T12:00:00Z', '2026-04-01T04:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-15T12:00:00Z', '2026-03-31T13:00:00Z'],
    ['America/Asuncion', '2023-10-15T12:00:00Z', '2023-10-01T04:00:00Z'],
  ])('%s at %s: %s', (zone, at, start) => expect(monthStartOf(new Date(at), zone)).toEqual(new Date(start)))
})

describe('days ago', () => {
  it('is the beginning of a quarter of an hour', () =>
    expect(daysAgo(new Date('2026-03-15T12:14:59.999Z'), 7)).toEqual(new Date('2026-03-08T12:00:00Z')))
})

describe('percent and average', () => {
  it.each([
    [0, 0, 0],
    [1, 3, 33],
    [199, 200, 99],
    [5, 4, 100],
    [-1, 4, 0],
  ])('%i of %i: %i %%', (part, whole, percent) => expect(percentOf(part, whole)).toBe(percent))
  it.each([
    ['nobody', { active: 0, completed: 0, lessons: 3, completedLessons: 0 }, 0],
    ['one at a third', { active: 1, completed: 0, lessons: 3, completedLessons: 1 }, 33],
    ['one at a third, one done', { active: 1, completed: 1, lessons: 3, completedLessons: 1 }, 66],
    ['one done, all lessons gone', { active: 1, completed: 1, lessons: 0, completedLessons: 0 }, 50],
  ])('%s', (_, course, percent) => expect(averagePercent(course)).toBe(percent))
  it('stars to two places', () => {
    expect(averageStars({ count: 3, stars: 14 })).toBe(4.67)
    expect(averageStars({ count: 0, stars: 0 })).toBe(0)
  })
})
