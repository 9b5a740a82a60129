-- Facts and their consequences. An event is written in the transaction of the change it tells of.

create table events (
  id uuid primary key,
  type text not null,
  user_id uuid,                     -- who caused it; null: the system
  occurred_at timestamptz not null,
  payload jsonb not null
);
create index events_type on events (type, id);
create index events_user on events (user_id, id);

-- A subscriber's reaction to an event commits together with its row here: that is what makes it happen once.
create table event_deliveries (
  event_id uuid not null references events on delete cascade,
  subscriber text not null,
  delivered_at timestamptz not null,
  primary key (event_id, subscriber)
);

-- The first answer to a request that carried an Idempotency-Key, committed with what the request changed.
create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  fingerprint text not null,        -- SHA-256 of method, path and body
  status smallint,
  response jsonb,
  created_at timestamptz not null,
  primary key (user_id, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);
