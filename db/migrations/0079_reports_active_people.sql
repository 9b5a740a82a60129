-- How many people were active in a run of days, counted once each: [1 + n] from n quarters of an hour after midnight (UTC) of `day` until
-- n quarters after midnight `days` days later. 96 numbers of a run are its answer for every time zone, and no count of shorter times could
-- be added up to it. Kept of days that are over: of each day alone, and of each week and month as far as it is over, by the days of UTC on
-- which one can begin somewhere.
create table active_people (
  day date not null,
  days integer not null check (days between 1 and 31),
  people integer[] not null check (cardinality(people) = 96),
  primary key (day, days)
);

-- Of a person, what decides: active throughout (on a day in between, which is in every run whole), or last on the first day, first on the
-- day after the last one.
create function count_active_people(first date, length integer) returns integer[] stable language sql as $$
  with person as (
    select bool_or(day > first and day < first + length) as throughout,
      max(96 - strpos(reverse(quarters::text), '1')) filter (where day = first) as last_quarter,
      min(position(B'1' in quarters) - 1) filter (where day = first + length) as first_quarter
    from activity_days where day between first and first + length group by user_id
  ), alike as (
    select throughout, last_quarter, first_quarter, count(*)::integer as people from person group by 1, 2, 3
  )
  select array_agg(people order by n) from (
    select n, coalesce(sum(people) filter (where throughout or last_quarter >= n or first_quarter < n), 0)::integer as people
    from generate_series(0, 95) n left join alike on true group by n
  ) counted
$$;

create function quarter_of(at timestamptz) returns integer immutable language sql
  return (extract(epoch from at)::bigint / 900)::integer;

-- Whether an activity of that day falls into the quarters from one to before another, counted as `quarter_of` does.
create function active_between(day date, quarters bit, from_quarter integer, to_quarter integer) returns boolean
immutable language sql
  return position(B'1' in substring(quarters
    from greatest(0, from_quarter - (day - date '1970-01-01') * 96) + 1
    for greatest(0, least(96, to_quarter - (day - date '1970-01-01') * 96)
      - greatest(0, from_quarter - (day - date '1970-01-01') * 96)))) > 0;

-- Runs whose days change are forgotten and counted anew by a job: with what is erased of a person, and with what is noted late.
create function forget_active_people() returns trigger language plpgsql as $$
begin
  -- Taken by whoever counts a run, too: it comes before this change or after it.
  perform pg_advisory_xact_lock(hashtextextended('active_people', 0));
  delete from active_people
  where exists (select from changed where changed.day between active_people.day and active_people.day + active_people.days);
  if found then
    perform graphile_worker.add_job('reports.count-active-people', '{}'::json, job_key => 'reports.count-active-people');
  end if;
  return null;
end $$;
create trigger activity_days_erased after delete on activity_days
  referencing old table as changed for each statement execute function forget_active_people();

create function forget_active_people_of_day() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('active_people', 0));
  delete from active_people where day between new.day - 31 and new.day and day + days >= new.day;
  return null;
end $$;
-- The job finds by itself what is missing.
create trigger activity_days_noted_late after insert or update on activity_days
  for each row when (new.day < current_date - 1) execute function forget_active_people_of_day();

create index users_created on users (created_at);
