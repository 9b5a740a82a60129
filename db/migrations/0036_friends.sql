-- Friendships, and the requests that they begin as: one row for two people, whoever of them asked.
create table friendships (
  id uuid primary key,
  from_id uuid not null references users,
  to_id uuid not null references users,
  requested_at timestamptz not null,
  accepted_at timestamptz,          -- null: a request
  check (from_id <> to_id)
);
create unique index friendships_pair on friendships (least(from_id, to_id), greatest(from_id, to_id));
create index friendships_from on friendships (from_id, id);
create index friendships_to on friendships (to_id, id);

-- Who wants to hear nothing of whom.
create table blocks (
  id uuid primary key,
  blocker_id uuid not null references users,
  blocked_id uuid not null references users,
  created_at timestamptz not null,
  constraint blocks_pair unique (blocker_id, blocked_id),
  check (blocker_id <> blocked_id)
);
create index blocks_of_blocker on blocks (blocker_id, id);
create index blocks_blocked on blocks (blocked_id);
