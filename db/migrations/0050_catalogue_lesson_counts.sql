-- How many lessons a course has, kept by the statement that adds or removes them, so that a percent costs the same in a long course
-- as in a short one. A lesson never changes its course. Whoever adds or removes holds the course, so that nobody waits for this row.
alter table course_stats add column lessons integer not null default 0 check (lessons >= 0);
update course_stats set lessons = counted.lessons
from (select course_id, count(*) as lessons from lessons group by course_id) counted
where counted.course_id = course_stats.course_id;

create function lessons_counted() returns trigger language plpgsql as $$
begin
  update course_stats set lessons = course_stats.lessons + changed.lessons
  from (
    select course_id, count(*) * case tg_op when 'INSERT' then 1 else -1 end as lessons from changed group by course_id
  ) changed
  where course_stats.course_id = changed.course_id;
  return null;
end $$;
create trigger lessons_counted_in after insert on lessons
  referencing new table as changed for each statement execute function lessons_counted();
create trigger lessons_counted_out after delete on lessons
  referencing old table as changed for each statement execute function lessons_counted();

-- The day on which the last lesson of a course opens.
create index lessons_by_days on lessons (course_id, available_after_days) where available_after_days is not null;
