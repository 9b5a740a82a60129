-- What became of the runs of each kind of job, a row a day: workers add to it every few seconds, whatever the number of jobs.
create table job_days (
  name text not null,
  day date not null,                -- UTC
  runs integer not null,
  failures integer not null,        -- runs that threw; one that is tried again and succeeds is both
  last_at timestamptz not null,     -- when the last run began
  last_ms integer not null,
  last_error text,                  -- null: it succeeded
  primary key (name, day)
);
create index job_days_by_day on job_days (day);
