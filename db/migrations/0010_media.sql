create type media_kind as enum ('image', 'video', 'audio', 'document');
create type media_status as enum ('uploading', 'ready', 'failed');

-- Files that people uploaded. Whoever uses one refers to it by a foreign key without a cascade, so that it cannot be deleted meanwhile.
create table media (
  id uuid primary key,
  user_id uuid not null references users,       -- who uploaded it
  status media_status not null,
  kind media_kind,                              -- by its content; null until that has come
  content_type text,
  file_name text not null,                      -- as the uploader calls it
  storage_key text not null unique,
  bytes bigint not null check (bytes >= 0),     -- while it comes: how many are reserved
  widths integer[] not null default '{}',       -- of an image: the smaller ones that there are, in pixels
  width integer,
  height integer,
  duration_seconds double precision,
  failure_reason text,
  upload_metadata text,                         -- of one that comes in parts (tus): what the client said of it
  created_at timestamptz not null,
  touched_at timestamptz not null,              -- when its state last changed, or a part of it came
  check (status = 'uploading' or (kind is not null and content_type is not null)),
  check ((status = 'failed') = (failure_reason is not null))
);
create index media_of_user on media (user_id, id);
create index media_uploading on media (touched_at) where status = 'uploading';
create index media_by_age on media (created_at);

-- What each person's files take, with what is reserved for uploads under way: one row to raise under the quota, whatever races.
create table media_usage (
  user_id uuid primary key references users,
  bytes bigint not null check (bytes >= 0)
);

-- Files made before a moment, after another in the order of ids, that nothing refers to. It asks the catalog of PostgreSQL who
-- could, so that a module that comes later is covered without a word here. A table whose rows go with the file (a cascade) does not use it.
create function media_unused(made_before timestamptz, after_id uuid, at_most integer) returns setof uuid
language plpgsql stable as $$
declare
  unreferenced text;
begin
  select string_agg(format('and not exists (select from %s where %I = media.id)', constraints.conrelid::regclass, columns.attname), ' ')
  into unreferenced
  from pg_constraint constraints
  join pg_attribute columns on columns.attrelid = constraints.conrelid and columns.attnum = constraints.conkey[1]
  where constraints.contype = 'f' and constraints.confrelid = 'media'::regclass and constraints.confdeltype in ('a', 'r');
  return query execute format(
    'select id from media where status <> ''uploading'' and created_at < $1 and id > $2 %s order by id limit $3',
    coalesce(unreferenced, '')) using made_before, after_id, at_most;
end
$$;
