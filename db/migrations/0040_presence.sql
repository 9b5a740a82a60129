-- When people who are offline were last online: written once each time they go.
create table last_seen (
  user_id uuid primary key references users,
  seen_at timestamptz not null
);
