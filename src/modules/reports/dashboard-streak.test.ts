import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomOf } from '../../../test/proof/random.ts'
import { streakOf } from '../../../test/support/recount.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { isTimezone, zoneOf } from '../../platform/time-zones.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { findStreak } from './dashboard-streak-queries.ts'

let world: World
let courseId: string
beforeAll(async () => {
  world = await createWorld()
  courseId = (await makeCourse(world.deps)).id
})
afterAll(() => world.close())

/** Somebody who learned at these moments. */
async function learnerOf(moments: readonly Date[]): Promise<string> {
  const { id } = await makePerson(world.deps)
  await world.database.pool.query('select note_activity($1, $2, at) from unnest($3::timestamptz[]) at', [
    id,
    courseId,
    moments,
  ])
  return id
}

/** Winter and summer of a year in which what zones are is known everywhere. */
const seasons = ['2020-01-15T12:00:00Z', '2020-07-15T12:00:00Z'].map((at) => new Date(at))
const clockOf = (at: Date, name: string) =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(name).toPlainDateTime().toString()

const streakAt = (userId: string, zone: string, at: string | Date) =>
  findStreak(world.deps.db, { userId, zone, at: new Date(at) })

describe('days in a row', () => {
  it('none before the first activity', async () => {
    expect(await streakAt(await learnerOf([]), 'UTC', '2026-03-10T12:00:00Z')).toEqual({
      current: 0,
      longest: 0,
    })
  })
  it('a today without anything does not break it, a yesterday does', async () => {
    const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-07', '2026-03-08']
    const id = await learnerOf(days.map((day) => new Date(`${day}T12:00:00Z`)))
    expect(await streakAt(id, 'UTC', '2026-03-08T23:59:59Z')).toEqual({ current: 2, longest: 3 })
    expect(await streakAt(id, 'UTC', '2026-03-09T23:59:59Z')).toEqual({ current: 2, longest: 3 })
    expect(await streakAt(id, 'UTC', '2026-03-10T00:00:00Z')).toEqual({ current: 0, longest: 3 })
  })
  it('of the zone, whose days are not those of UTC', async () => {
    // In Kathmandu 23:50 and 0:10, twenty minutes apart.
    const id = await learnerOf([new Date('2026-03-01T18:05:00Z'), new Date('2026-03-01T18:25:00Z')])
    expect(await streakAt(id, 'UTC', '2026-03-01T20:00:00Z')).toEqual({ current: 1, longest: 1 })
    expect(await streakAt(id, 'Asia/Kathmandu', '2026-03-01T20:00:00Z')).toEqual({ current: 2, longest: 2 })
  })
  it('of every zone that a profile may name: PostgreSQL reads it as Temporal does', async () => {
    const { rows } = await world.database.pool.query<{ name: string }>('select name from pg_timezone_names')
    const said = [...Intl.supportedValuesOf('timeZone'), ...rows.map(({ name }) => name)].filter(isTimezone)
    expect(said.length).toBeGreaterThan(500)
    const clocks = await world.database.pool.query<{ clock: string }>(
      `select to_char(at at time zone zone, 'YYYY-MM-DD"T"HH24:MI:SS') as clock
         from unnest($1::text[]) with ordinality zones (zone, place), unnest($2::timestamptz[]) with ordinality moments (at, nth)
         order by place, nth`,
      [said.map(zoneOf), seasons],
    )
    const expected = said.flatMap((name) => seasons.map((at) => `${name} ${clockOf(at, name)}`))
    expect(clocks.rows.map(({ clock }, index) => `${said[Math.floor(index / 2)]} ${clock}`)).toEqual(expected)
  })
  it.each([
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-04'],
    ['Australia/Lord_Howe', '2026-10-03'],
    ['Atlantic/Azores', '2026-03-29'],
    ['Africa/Cairo', '2026-04-23'],
    ['Asia/Kathmandu', '2026-05-01'],
    // a day that its calendar left out
    ['Pacific/Apia', '2011-12-30'],
  ])('as a calendar on the wall counts them: %s around %s', async (zone, day) => {
    const random = randomOf(Date.parse(day) / 1_000)
    const begin = Date.parse(day) - 12 * 86_400_000
    for (const hours of [11 * 24, 12 * 24 + 5, 13 * 24 + 1, 24 * 24]) {
      const at = new Date(begin + hours * 3_600_000)
      const moments = Array.from(
        { length: random.between(10, 40) },
        () => new Date(begin + random.between(0, hours * 4) * 900_000),
      )
      expect(await streakAt(await learnerOf(moments), zone, at)).toEqual(streakOf(moments, zone, at))
    }
  })
})
