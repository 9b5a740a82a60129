-- Which parent may look at which child.
create table guardian_links (
  id uuid primary key,
  parent_id uuid not null references users,
  child_id uuid not null references users,
  created_at timestamptz not null,
  constraint guardian_links_pair unique (parent_id, child_id),
  check (parent_id <> child_id)
);
create index guardian_links_child on guardian_links (child_id, id);

-- Codes that a student gave out and nobody has used yet, as hashes.
create table guardian_codes (
  code_hash bytea primary key,
  child_id uuid not null references users,
  expires_at timestamptz not null
);
create index guardian_codes_child on guardian_codes (child_id, expires_at);
