import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'

export interface Streak {
  /** Days in a row up to today or, where today has nothing yet, up to yesterday. */
  readonly current: number
  readonly longest: number
}

/**
 * The days in a row on which a person learned, by the calendar of a time zone. A UTC day lies in one local day or two: its first and
 * its last quarter of an hour tell which. Only where a day of less than 24 hours fits between the two, every quarter is asked.
 * @param zone a time zone that PostgreSQL knows
 */
export async function findStreak(db: Db, which: { userId: string; zone: string; at: Date }): Promise<Streak> {
  const { userId, zone, at } = which
  const quarter = (place: ReturnType<typeof sql>) =>
    sql`((day::timestamp at time zone 'UTC' + ${place} * interval '15 minutes') at time zone ${zone})::date`
  const { rows } = await sql<Streak>`
    with utc as (
      select day, bit_or(quarters) as quarters from activity_days where user_id = ${userId} group by day
    ), ends as (
      select day, quarters, ${quarter(sql`(position(B'1' in quarters) - 1)`)} as first,
        ${quarter(sql`(length(rtrim(quarters::text, '0')) - 1)`)} as last
      from utc
    ), days as (
      select first as day from ends union select last from ends
      union select (moment at time zone ${zone})::date from ends, active_moments(day, quarters) moment where last - first > 1
    ), streaks as (
      select count(*)::int as length, max(day) as last
      from (select day, day - row_number() over (order by day)::int as start from days) placed group by start
    )
    select coalesce(max(length), 0) as longest,
      coalesce(max(length) filter (where last >= (${at}::timestamptz at time zone ${zone})::date - 1), 0) as current
    from streaks`.execute(db)
  return rows[0] ?? { current: 0, longest: 0 }
}
