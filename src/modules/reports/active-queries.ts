import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Period } from './rules.ts'

/** What is counted so far has to be over for everybody: an activity may commit somewhat after its time. */
const settled = (at: Date) => sql`((${at}::timestamptz - interval '1 hour') at time zone 'UTC')::date - 1`

/** Every run that is to be counted by a moment: of days, and of the weeks and months that begin on them, as far as they are over. */
const runs = (at: Date) => sql`
  select day, 1 as days from generate_series(
    (select min(day) - 1 from activity_days)::timestamp, (${settled(at)} - 1)::timestamp, '1 day') whole, date(whole) day
  union
  select day, least(7, ${settled(at)} - day) from generate_series(
    (select min(day) - 7 from activity_days)::timestamp, (${settled(at)} - 1)::timestamp, '1 day') whole, date(whole) day
  where extract(isodow from day) in (7, 1)
  union
  select day, least((date_trunc('month', day + 1) + interval '1 month')::date - date_trunc('month', day + 1)::date,
    ${settled(at)} - day) from generate_series(
    (select min(day) - 31 from activity_days)::timestamp, (${settled(at)} - 1)::timestamp, '1 day') whole, date(whole) day
  where extract(day from day) = 1 or extract(day from day + 1) = 1`

interface Run {
  readonly day: string
  readonly days: number
}

/** The runs that nobody has counted yet, newest first. */
export async function findMissingRuns(db: Db, at: Date): Promise<Run[]> {
  const { rows } = await sql<Run>`
    select day::text, days from (${runs(at)}) wanted
    where not exists (select from active_people kept where kept.day = wanted.day and kept.days = wanted.days)
    order by wanted.day desc, days desc`.execute(db)
  return rows
}

/** Those of weeks and months that are longer now. */
export async function deleteOutgrownRuns(tx: Tx, at: Date): Promise<void> {
  await sql`
    delete from active_people kept
    where days > 1 and not exists (select from (${runs(at)}) wanted where wanted.day = kept.day and wanted.days = kept.days)`.execute(
    tx,
  )
}

/** Holds what is known of past activity until the transaction ends, so that a run is counted before a change of it or after. */
export async function lockRuns(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('active_people', 0))`.execute(tx)
}

/** The caller holds the runs. */
export async function insertRun(tx: Tx, { day, days }: Run): Promise<void> {
  await sql`
    insert into active_people (day, days, people) values (${day}, ${days}, count_active_people(${day}, ${days}))
    on conflict do nothing`.execute(tx)
}

export function findRuns(db: Db): Promise<Run[]> {
  return sql<Run>`select day::text, days from active_people order by day, days`
    .execute(db)
    .then(({ rows }) => rows)
}

/** Counts a run again; the caller holds the runs. @returns what it said, and what is counted, where that differs */
export async function updateWrongRun(tx: Tx, { day, days }: Run): Promise<object | undefined> {
  const { rows } = await sql<object>`
    with counted as (select count_active_people(${day}, ${days}) as people),
      wrong as (
        select kept.day::text, kept.days, kept.people as kept, counted.people as counted from active_people kept, counted
        where kept.day = ${day} and kept.days = ${days} and kept.people <> counted.people
      ), repaired as (
        update active_people set people = wrong.counted from wrong
        where active_people.day = wrong.day::date and active_people.days = wrong.days
      )
    select * from wrong`.execute(tx)
  return rows[0]
}

/**
 * How many people were active in the whole school in each interval, counted once in each, and how many accounts were made. Begins with
 * the longest run that is known of an interval; what goes beyond it, or is missing of it, is counted from the rows: who was active then
 * and not before.
 */
export async function findActivity(
  db: Db,
  { bounds }: Period,
): Promise<{ place: number; active: number; made: number }[]> {
  const [first, last] = [bounds[0], bounds.at(-1)]
  const { rows } = await sql<{ place: number; active: number; made: number }>`
    with asked as materialized (
      select place::integer, quarter_of(start) as start, quarter_of(finish) as finish,
        (start at time zone 'UTC')::date as day, (finish at time zone 'UTC')::date as last_day
      from unnest(${bounds.slice(0, -1)}::timestamptz[], ${bounds.slice(1)}::timestamptz[])
        with ordinality as asked (start, finish, place)
    ), known as (
      select asked.*, coalesce(people, 0) as people, start + coalesce(days, 0) * 96 as until
      from asked left join lateral (
        select days, active_people.people[asked.start % 96 + 1] as people from active_people
        where active_people.day = asked.day and days <= last_day - asked.day order by days desc limit 1
      ) run on true
    ), differing as materialized (
      select place, people, start, least(finish, until) as since, greatest(finish, until) as until, sign(finish - until) as sign,
        day, day + (least(finish, until) / 96 - start / 96) as since_day,
        day + ((greatest(finish, until) - 1) / 96 - start / 96) as until_day
      from known
    ), active as (
      select place, people + sign * case when since = until then 0 else (
        select count(*) from (
          select distinct user_id from activity_days rest
          where rest.day between since_day and until_day
            and ((rest.day > since_day and rest.day < until_day) or active_between(rest.day, rest.quarters, since, until))
        ) then_active
        -- looked up person by person, on the days in between without a look at their quarters
        where start = since or (
          (select earlier.user_id from activity_days earlier
            where earlier.user_id = then_active.user_id and earlier.day > differing.day and earlier.day < since_day limit 1) is null
          and (select earlier.user_id from activity_days earlier
            where earlier.user_id = then_active.user_id and earlier.day in (differing.day, since_day)
              and active_between(earlier.day, earlier.quarters, start, since) limit 1) is null)
      ) end as active
      from differing
    ), made as (
      select width_bucket(created_at, ${bounds}::timestamptz[]) as place, count(*)::integer as made
      from users where created_at >= ${first}::timestamptz and created_at < ${last}::timestamptz group by 1
    )
    select place, active.active::integer, coalesce(made.made, 0) as made from active left join made using (place)`.execute(
    db,
  )
  return rows
}
