-- Each process keeps what listed courses are filtered and sorted by in memory (src/platform/database/mirror.ts), and hears of each course
-- that it must read again: lists need no index any more, only what finds words does.
create unique index course_search_number on course_search (number);
drop index course_search_newest, course_search_price, course_search_category, course_search_tags, course_stats_popular, course_stats_rating;

drop trigger filters_added on course_search;
drop trigger filters_changed on course_search;
drop function tell_filters_changed();

create function tell_listed_changed() returns trigger language plpgsql as $$
begin
  perform send_signal('course.listed', (case tg_op when 'DELETE' then old.number else new.number end)::text);
  return null;
end $$;
create trigger listed_added after insert or delete on course_search
  for each row execute function tell_listed_changed();
create trigger listed_changed after update on course_search for each row
  when ((new.published_at, new.category_id, new.level, new.language, new.tags, new.price_currency, new.price_amount)
    is distinct from (old.published_at, old.category_id, old.level, old.language, old.tags, old.price_currency, old.price_amount))
  execute function tell_listed_changed();

create function listed_counted() returns trigger language plpgsql as $$
begin
  perform send_signal('course.listed', number::text) from course_search where course_id = new.course_id;
  return null;
end $$;
create trigger listed_counted after update on course_stats for each row
  when ((new.activations, new.stars) is distinct from (old.activations, old.stars)) execute function listed_counted();
