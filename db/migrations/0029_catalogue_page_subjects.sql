-- What lists are made of, told more sparingly: 'listing' where courses come, go, change their place or what finds them; what a list shows
-- of a course is told by 'course:<id>', and lists name each course that they show.

create function tell_listing_changed() returns trigger language plpgsql as $$
begin
  perform tell_changed('{listing}');
  return null;
end $$;
create trigger listing_added after insert or delete on course_search
  for each row execute function tell_listing_changed();
create trigger listing_changed after update on course_search
  for each row when (new is distinct from old) execute function tell_listing_changed();

create or replace function course_written() returns trigger language plpgsql as $$
declare
  before constant boolean := tg_op <> 'INSERT' and is_listed(old);
  after constant boolean := is_listed(new);
begin
  if tg_op = 'INSERT' then insert into course_stats (course_id) values (new.id); end if;
  if after is distinct from before or after
    and (new.published_at, new.category_id, new.level, new.language, new.tags, new.price_currency, new.price_amount, new.title,
      new.subtitle, new.description)
    is distinct from (old.published_at, old.category_id, old.level, old.language, old.tags, old.price_currency, old.price_amount,
      old.title, old.subtitle, old.description)
  then perform refresh_course_search(new.id); end if;
  perform tell_changed(array['course:' || new.id]);
  return null;
end $$;

create or replace function course_gone() returns trigger language plpgsql as $$
begin
  perform tell_changed(array['course:' || old.id]);
  return null;
end $$;

create or replace function course_content_written() returns trigger language plpgsql as $$
declare
  course_ids uuid[];
begin
  select array_agg(distinct course_id) into course_ids from changed;
  if course_ids is null then return null; end if;
  if tg_table_name = 'lessons' then
    perform refresh_course_search(course_id) from course_search where course_id = any (course_ids);
  end if;
  -- Lists are filtered by instructor, too.
  perform tell_changed(array(select 'course:' || id from unnest(course_ids) as id)
    || case when tg_table_name = 'course_instructors'
      and exists (select from course_search where course_id = any (course_ids)) then array['listing'] end);
  return null;
end $$;

create or replace function instructor_renamed() returns trigger language plpgsql as $$
begin
  perform tell_changed(array_agg('course:' || course_id)) from course_instructors where user_id = new.id having count(*) > 0;
  return null;
end $$;

-- A free preview in memory says that it has no materials.
create function materials_written() returns trigger language plpgsql as $$
begin
  perform tell_changed(array(
    select distinct 'course:' || lessons.course_id from changed join lessons on lessons.id = changed.lesson_id));
  return null;
end $$;
create trigger materials_added after insert on materials
  referencing new table as changed for each statement execute function materials_written();
create trigger materials_changed after update on materials
  referencing new table as changed for each statement execute function materials_written();
create trigger materials_removed after delete on materials
  referencing old table as changed for each statement execute function materials_written();
