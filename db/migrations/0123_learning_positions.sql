-- Positions are kept every few seconds: of them it is asked once, and by nothing that writes, whether there is anything to count.
create or replace function lesson_progress_moved() returns trigger language plpgsql as $$
begin
  -- A position in the same quarter of an hour as the last one has nothing to add.
  if not exists (
    select enrollment_id, lesson_id, completed_at, learning_slot(updated_at) from now_kept except all
    select enrollment_id, lesson_id, completed_at, learning_slot(updated_at) from was_kept
  ) then return null; end if;

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
