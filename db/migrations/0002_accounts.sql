create extension if not exists citext;
create extension if not exists pg_trgm;

create type user_role as enum ('student', 'instructor', 'parent', 'admin');
create type user_status as enum ('active', 'suspended', 'deleted');

create table users (
  id uuid primary key,
  email citext not null unique,     -- of a deleted person: deleted-<id>@deleted.invalid
  email_verified_at timestamptz,
  password_hash text,               -- null: signs in by an outside identity provider only
  name text not null,
  role user_role not null,
  status user_status not null default 'active',
  headline text,
  bio text,
  locale text,
  timezone text,
  avatar_key text,                  -- in the media store
  demo boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- the words that a search looks in, each with a space before it
  search text not null generated always as (lower(translate(' ' || name || ' ' || email::text, '@._+-', '     '))) stored
);
create index users_search on users using gin (search gin_trgm_ops) where status <> 'deleted';
create index users_role on users (role, id);
create index users_suspended on users (id) where status = 'suspended';
create index users_deleted on users (id) where status = 'deleted';

-- The people who fit a search best, in the order of rank, then newest first: those with the very e-mail address (4000), whose name
-- or address begins so (3000), with a word that begins so (2000), or with similar words (1000); within each by similarity. Two
-- letters swapped in a short word leave hardly a trigram the same, so such words are looked for as well. A function, because the
-- index knows no other way to be told how similar is similar enough.
create function find_people(
  wanted text, of_role user_role, of_status user_status, after_rank integer, after_id uuid, most integer
) returns table (id uuid, rank integer) language sql stable rows 20
set pg_trgm.word_similarity_threshold = 0.3
as $$
  with asked as materialized (
    select lower(trim(wanted)) as text,
      lower(trim(translate(split_part(ltrim(wanted, ' @'), '@', 1), '@._+-%\', '       '))) as words
  ), tried as materialized (
    select text, words, false as swapped, case when length(words) > 2 then words end as alike from asked
    union all
    select text, overlay(words placing reverse(substr(words, at, 2)) from at for 2), true, null
    from asked, generate_series(1, length(words) - 1) as at
    where length(words) between 3 and 6
  ), found as (
    select users.id, max(
      case when swapped then 1500
           when users.email = text::citext then 4000
           when search like ' ' || words || '%' or starts_with(lower(users.email::text), text) then 3000
           when search like '% ' || words || '%' then 2000
           else 1000 end
      + case when swapped then 0 else (1000 * word_similarity(words, search))::integer end) as rank
    from users, tried
    where status <> 'deleted'
      and (search like '% ' || words || '%' or search %> alike)
      and (of_role is null or role = of_role)
      and (of_status is null or status = of_status)
    group by users.id
  )
  select id, rank from found
  where after_id is null or (rank, id) < (after_rank, after_id)
  order by rank desc, id desc
  limit most
$$;

-- A sign-in on one device. Its refresh tokens are one family: the reuse of a rotated one ends them all.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  user_agent text not null,
  address text not null,
  native boolean not null,          -- the refresh token travels in bodies instead of a cookie
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text
);
create index sessions_user on sessions (user_id, id);
create index sessions_expires on sessions (expires_at);
create index sessions_revoked on sessions (revoked_at) where revoked_at is not null;

create table refresh_tokens (
  hash text primary key,            -- SHA-256 of the token, which is nowhere else
  session_id uuid not null references sessions on delete cascade,
  issued_at timestamptz not null,
  rotated_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);
create index refresh_tokens_rotated on refresh_tokens (rotated_at) where rotated_at is not null;

-- One-time links. The token in a link is the row's id with a MAC, so that the table alone opens nothing.
create type link_purpose as enum ('password_reset', 'email_verification', 'admin_claim');
create table one_time_links (
  id uuid primary key,
  purpose link_purpose not null,
  user_id uuid references users on delete cascade,
  email citext,                     -- the address that it was sent to
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_links_user on one_time_links (user_id);
create index one_time_links_expires on one_time_links (expires_at);
create index one_time_links_used on one_time_links (used_at) where used_at is not null;
-- At most one way to become the first admin is open: a new one takes the place of the old.
create unique index one_time_links_claim on one_time_links (purpose) where purpose = 'admin_claim' and used_at is null;

-- Who a person is at an outside identity provider.
create table identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null,
  primary key (issuer, subject)
);
create index identities_user on identities (user_id);
