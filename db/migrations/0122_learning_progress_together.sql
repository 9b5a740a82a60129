-- Progress of many students is written in one statement. What is counted of it is counted once for the statement, not for each row: the
-- facts of the enrollments, then the counts of the courses, then the days of the people, each in an order that everybody keeps to, so that
-- two of these statements do not wait for one another in a circle. Enrollments are looked up one by one, by the index: a plan that was made
-- while there were few is kept when there are many.

-- The quarter of an hour of a moment in its day, set from the left, which is where midnight is.
create function activity_quarter(at timestamptz) returns bit immutable language sql
  return set_bit(repeat('0', 96)::bit(96), (floor(extract(epoch from at) / 900)::bigint % 96)::integer, 1);

create function lesson_progress_begun() returns trigger language plpgsql as $$
begin
  -- An insertion that found its rows there inserts none.
  if not exists (select from now_kept) then return null; end if;

  insert into enrollment_facts (enrollment_id, course_id, completed_lessons, last_activity_at, under_way)
  select enrollment_id, course_id, lessons, at, status = 'active'
  from (
    select enrollment_id, count(completed_at) as lessons, max(updated_at) as at from now_kept group by enrollment_id
  ) begun, lateral (select course_id, status from enrollments where id = enrollment_id limit 1) placed
  order by enrollment_id
  on conflict (enrollment_id) do update set
    completed_lessons = enrollment_facts.completed_lessons + excluded.completed_lessons,
    last_activity_at = greatest(enrollment_facts.last_activity_at, excluded.last_activity_at);

  insert into learning_counts (course_id, slot, shard, lessons_completed)
  select course_id, learning_slot(completed_at), get_byte(uuid_send(enrollment_id), 15) % 16, count(*)
  from now_kept, lateral (select course_id from enrollments where id = enrollment_id limit 1) placed
  where completed_at is not null
  group by 1, 2, 3 order by 1, 2, 3
  on conflict (course_id, slot, shard) do update set
    lessons_completed = learning_counts.lessons_completed + excluded.lessons_completed;

  insert into activity_days (user_id, day, course_id, quarters)
  select user_id, (updated_at at time zone 'UTC')::date, course_id, bit_or(activity_quarter(updated_at))
  from now_kept, lateral (select user_id, course_id from enrollments where id = enrollment_id limit 1) placed
  group by 1, 2, 3 order by 1, 2, 3
  on conflict (user_id, day, course_id) do update set quarters = activity_days.quarters | excluded.quarters
  where activity_days.quarters & excluded.quarters <> excluded.quarters;
  return null;
end $$;

create function lesson_progress_moved() returns trigger language plpgsql as $$
begin
  -- A position touches none of it.
  if exists (
    select enrollment_id, lesson_id, completed_at from now_kept except all
    select enrollment_id, lesson_id, completed_at from was_kept
  ) then
    insert into enrollment_facts (enrollment_id, course_id, completed_lessons, last_activity_at, under_way)
    select enrollment_id, course_id, lessons, at, status = 'active'
    from (
      select enrollment_id, sum(lessons) as lessons, max(updated_at) as at
      from (
        select enrollment_id, (completed_at is not null)::integer as lessons, updated_at from now_kept union all
        select enrollment_id, -(completed_at is not null)::integer, null from was_kept
      ) row group by enrollment_id having sum(lessons) <> 0
    ) moved, lateral (select course_id, status from enrollments where id = enrollment_id limit 1) placed
    order by enrollment_id
    on conflict (enrollment_id) do update set
      completed_lessons = enrollment_facts.completed_lessons + excluded.completed_lessons,
      last_activity_at = greatest(enrollment_facts.last_activity_at, excluded.last_activity_at);

    insert into learning_counts (course_id, slot, shard, lessons_completed)
    select course_id, learning_slot(completed_at), get_byte(uuid_send(enrollment_id), 15) % 16, sum(lessons)
    from (
      select enrollment_id, completed_at, 1 as lessons from now_kept union all
      select enrollment_id, completed_at, -1 from was_kept
    ) moved, lateral (select course_id from enrollments where id = enrollment_id limit 1) placed
    where completed_at is not null
    group by 1, 2, 3 having sum(lessons) <> 0 order by 1, 2, 3
    on conflict (course_id, slot, shard) do update set
      lessons_completed = learning_counts.lessons_completed + excluded.lessons_completed;
  end if;

  -- A position in the same quarter of an hour as the last one has nothing to add.
  insert into activity_days (user_id, day, course_id, quarters)
  select user_id, (slot at time zone 'UTC')::date, course_id, bit_or(activity_quarter(slot))
  from (
    select enrollment_id, learning_slot(updated_at) as slot from now_kept except
    select enrollment_id, learning_slot(updated_at) from was_kept
  ) moved, lateral (select user_id, course_id from enrollments where id = enrollment_id limit 1) placed
  group by 1, 2, 3 order by 1, 2, 3
  on conflict (user_id, day, course_id) do update set quarters = activity_days.quarters | excluded.quarters
  where activity_days.quarters & excluded.quarters <> excluded.quarters;
  return null;
end $$;

drop trigger lesson_progress_inserted on lesson_progress;
drop trigger lesson_progress_completed on lesson_progress;
drop trigger lesson_progress_zz_begun on lesson_progress;
drop trigger lesson_progress_zz_moved on lesson_progress;
drop function lesson_progress_facts();
drop function lesson_progress_activity();

create trigger lesson_progress_begun after insert on lesson_progress
  referencing new table as now_kept for each statement execute function lesson_progress_begun();
create trigger lesson_progress_moved after update on lesson_progress
  referencing old table as was_kept new table as now_kept for each statement execute function lesson_progress_moved();
