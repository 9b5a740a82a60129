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
  updated_at timestamptz not null
);
create index users_search on users using gin ((name || ' ' || email::text) gin_trgm_ops);
create index users_role on users (role, id);

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
create index sessions_revoked on sessions (revoked_at) where revoked_at is not null;

create table refresh_tokens (
  hash text primary key,            -- SHA-256 of the token, which is nowhere else
  session_id uuid not null references sessions on delete cascade,
  issued_at timestamptz not null,
  rotated_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);

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

-- Who a person is at an outside identity provider.
create table identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null,
  primary key (issuer, subject)
);
create index identities_user on identities (user_id);
