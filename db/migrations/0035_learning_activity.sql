-- When people learned: for each person, course and UTC day the quarters of an hour in which they did something, as bits from midnight.
-- A quarter of an hour is the step by which time zones differ, so that the days of every zone can be told exactly, whatever its
-- daylight saving. A class that learns all day writes one row for each of its people, and each of them updates it four times an hour at most.
create table activity_days (
  user_id uuid not null references users,
  day date not null,
  course_id uuid not null references courses on delete cascade,
  quarters bit(96) not null,
  primary key (user_id, day, course_id)
) with (fillfactor = 80);
create index activity_days_of_course on activity_days (course_id, day);
create index activity_days_by_day on activity_days (day);

create function note_activity(person uuid, course uuid, at timestamptz) returns void language plpgsql as $$
declare
  -- Set from the left, which is where midnight is.
  quarter bit(96) := set_bit(repeat('0', 96)::bit(96), (extract(epoch from at)::bigint / 900 % 96)::integer, 1);
begin
  insert into activity_days (user_id, day, course_id, quarters)
  values (person, (at at time zone 'UTC')::date, course, quarter)
  on conflict (user_id, day, course_id) do update set quarters = activity_days.quarters | excluded.quarters
  where activity_days.quarters & excluded.quarters <> excluded.quarters;
end $$;

-- The moments at which those quarters begin.
create function active_moments(day date, quarters bit) returns setof timestamptz immutable language sql as $$
  select day::timestamp at time zone 'UTC' + n * interval '15 minutes'
  from generate_series(0, 95) n where get_bit(quarters, n) = 1
$$;

create function note_activity_in(enrollment uuid, at timestamptz) returns void language sql as $$
  select note_activity(user_id, course_id, at) from enrollments where id = enrollment
$$;

-- Whatever is written of a lesson is an activity, and its `updated_at` says when. So a position in the same quarter of an hour as the
-- last one has nothing to add, and looks no further.
create function lesson_progress_activity() returns trigger language plpgsql as $$
begin
  perform note_activity_in(new.enrollment_id, new.updated_at);
  return null;
end $$;
create trigger lesson_progress_begun after insert on lesson_progress
  for each row execute function lesson_progress_activity();
create trigger lesson_progress_moved after update on lesson_progress
  for each row when (learning_slot(old.updated_at) <> learning_slot(new.updated_at))
  execute function lesson_progress_activity();

create function exam_passes_activity() returns trigger language plpgsql as $$
begin
  perform note_activity_in(new.enrollment_id, new.passed_at);
  return null;
end $$;
create trigger exam_passes_active after insert on exam_passes
  for each row execute function exam_passes_activity();

-- Of what happened before, what is still known: a position that was replaced is not.
select note_activity(enrollments.user_id, enrollments.course_id, known.at)
from (
  select enrollment_id, completed_at as at from lesson_progress where completed_at is not null
  union select enrollment_id, updated_at from lesson_progress
  union select enrollment_id, passed_at from exam_passes
) known join enrollments on enrollments.id = known.enrollment_id;
