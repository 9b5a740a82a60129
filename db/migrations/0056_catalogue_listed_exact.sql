-- A count that is under way while a course is being listed sees no row of course_search to tell of. So listing waits for it, and what
-- is counted later waits for the listing and sees its row. Always the course first and then its counts, so that no two wait in a ring.
create or replace function tell_listed_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform from course_stats where course_id = new.course_id for share;
  end if;
  perform send_signal('course.listed', (case tg_op when 'DELETE' then old.number else new.number end)::text);
  return null;
end $$;

-- An enrollment moves a course in the order by popularity only, so that it makes no other list old.
create or replace function listed_counted() returns trigger language plpgsql as $$
begin
  perform send_signal(case when new.stars = old.stars then 'course.activated' else 'course.listed' end, number::text)
  from course_search where course_id = new.course_id;
  return null;
end $$;
