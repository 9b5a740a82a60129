-- Since when nothing refers to a file: null while something does. The nightly clean-up sees what is no longer used, and takes what has
-- been so for a day.
alter table media add column unused_since timestamptz;
create index media_by_unused on media (unused_since) where unused_since is not null;
drop index media_by_age;
drop function media_unused(timestamptz, uuid, integer);

-- Notes of each whole file whether it is used. It asks the catalog of PostgreSQL who could use one, so that a module that comes later
-- is covered without a word here. A table whose rows go with the file (a cascade) does not use it.
create function note_unused_media(noted_at timestamptz) returns void
language plpgsql as $$
declare
  unreferenced text;
begin
  select string_agg(format('and not exists (select from %s where %I = media.id)', constraints.conrelid::regclass, columns.attname), ' ')
  into unreferenced
  from pg_constraint constraints
  join pg_attribute columns on columns.attrelid = constraints.conrelid and columns.attnum = constraints.conkey[1]
  where constraints.contype = 'f' and constraints.confrelid = 'media'::regclass and constraints.confdeltype in ('a', 'r');
  execute format(
    'update media set unused_since = case when now_unused then $1 end
     from (select id, (true %s) as now_unused from media where status <> ''uploading'') seen
     where media.id = seen.id and (media.unused_since is not null) <> now_unused',
    coalesce(unreferenced, '')) using noted_at;
end
$$;
