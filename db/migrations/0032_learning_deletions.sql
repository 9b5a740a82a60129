-- With a removed lesson goes the progress of all its students at once: what is counted of it is taken away for each student and each
-- quarter of an hour in one statement, not once for each row. Insertions and completions are single rows, and stay with their triggers.
create function lesson_progress_deletions() returns trigger language plpgsql as $$
begin
  update enrollment_facts set completed_lessons = completed_lessons - gone.lessons
  from (
    select enrollment_id, count(*)::integer as lessons from deleted where completed_at is not null group by enrollment_id
  ) gone
  where enrollment_facts.enrollment_id = gone.enrollment_id;
  -- In order, so that two of these do not wait for each other.
  insert into learning_counts (course_id, slot, shard, lessons_completed)
  select enrollments.course_id, learning_slot(deleted.completed_at), get_byte(uuid_send(deleted.enrollment_id), 15) % 16,
    -count(*)::integer
  from deleted join enrollments on enrollments.id = deleted.enrollment_id
  where deleted.completed_at is not null
  group by 1, 2, 3 order by 1, 2, 3
  on conflict (course_id, slot, shard) do update set
    lessons_completed = learning_counts.lessons_completed + excluded.lessons_completed;
  return null;
end $$;

drop trigger lesson_progress_deleted on lesson_progress;
create trigger lesson_progress_deleted after delete on lesson_progress
  referencing old table as deleted for each statement execute function lesson_progress_deletions();

create or replace function lesson_progress_facts() returns trigger language plpgsql as $$
declare
  was timestamptz := case when tg_op = 'INSERT' then null else old.completed_at end;
begin
  perform note_study(
    new.enrollment_id, (new.completed_at is not null)::integer - (was is not null)::integer, new.updated_at);
  if was is not null then perform count_learning(new.enrollment_id, was, -1, 0, 0); end if;
  if new.completed_at is not null then perform count_learning(new.enrollment_id, new.completed_at, 1, 0, 0); end if;
  return null;
end $$;
