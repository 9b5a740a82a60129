-- A moment belongs to the quarter of an hour that it is in. Seconds were rounded, so that what happened in the last half of a second of one
-- was noted in the next, and before midnight (UTC) at the beginning of the day.
create or replace function note_activity(person uuid, course uuid, at timestamptz) returns void language plpgsql as $$
declare
  -- Set from the left, which is where midnight is.
  quarter bit(96) := set_bit(repeat('0', 96)::bit(96), (floor(extract(epoch from at) / 900)::bigint % 96)::integer, 1);
begin
  insert into activity_days (user_id, day, course_id, quarters)
  values (person, (at at time zone 'UTC')::date, course, quarter)
  on conflict (user_id, day, course_id) do update set quarters = activity_days.quarters | excluded.quarters
  where activity_days.quarters & excluded.quarters <> excluded.quarters;
end $$;

-- Of what was noted so, what rows still tell of.
select note_activity(user_id, course_id, at) from (
  select user_id, course_id, at
  from (
    select enrollment_id, completed_at as at from lesson_progress where completed_at is not null
    union select enrollment_id, updated_at from lesson_progress
    union select enrollment_id, passed_at from exam_passes
  ) known join enrollments on enrollments.id = known.enrollment_id
  union
  select attempts.user_id, quizzes.course_id, moment
  from attempts join quizzes on quizzes.id = attempts.quiz_id, unnest(array[started_at, active_at]) moment
) noted where extract(epoch from at) % 900 >= 899.5;
