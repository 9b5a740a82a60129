-- A short name of each listed course, for what a process keeps of all of them in memory to count facets; it hears of changes by the
-- subject 'filters', which is told far less often than 'listing'.
alter table course_search add column number bigint not null generated always as identity;

create function tell_filters_changed() returns trigger language plpgsql as $$
begin
  perform tell_changed('{filters}');
  return null;
end $$;
create trigger filters_added after insert or delete on course_search
  for each row execute function tell_filters_changed();
create trigger filters_changed after update on course_search for each row
  when ((new.category_id, new.level, new.language, new.tags, new.price_currency, new.price_amount)
    is distinct from (old.category_id, old.level, old.language, old.tags, old.price_currency, old.price_amount))
  execute function tell_filters_changed();

-- Planned once: to plan it anew for each search costs as much as to run it.
alter function understand_search set plan_cache_mode to force_generic_plan;
