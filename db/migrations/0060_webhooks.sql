create type webhook_disabled_reason as enum ('admin', 'gone', 'failing');
create type webhook_delivery_status as enum ('pending', 'delivered', 'failed');

-- A program that is told of events.
create table webhook_endpoints (
  id uuid primary key,
  url text not null,
  description text,
  events text[] not null,           -- exact types, `payment.*`, `*`
  sealed_secret bytea not null,
  sealed_old_secret bytea,          -- signs beside the new one for a while
  old_secret_until timestamptz,
  disabled_at timestamptz,
  disabled_reason webhook_disabled_reason,
  failing_since timestamptz,        -- the first of the failures in a row
  failures integer not null default 0,
  resting_until timestamptz,        -- nothing is sent before; what waits, waits
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((disabled_at is null) = (disabled_reason is null)),
  check ((sealed_old_secret is null) = (old_secret_until is null))
);

-- One event on its way to one endpoint: once, whatever is delivered again.
create table webhook_deliveries (
  id uuid primary key,
  endpoint_id uuid not null references webhook_endpoints on delete cascade,
  event_id uuid not null,           -- no reference: old events go
  type text not null,
  occurred_at timestamptz not null,
  data jsonb not null,              -- what leaves, and no more
  user_id uuid,                     -- whom it is about
  status webhook_delivery_status not null,
  tries smallint not null default 0,    -- since it was queued, or queued anew
  attempts integer not null default 0,  -- in all
  next_attempt_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz not null,
  constraint webhook_deliveries_once unique (endpoint_id, event_id),
  check ((status = 'pending') = (next_attempt_at is not null)),
  check ((status = 'delivered') = (delivered_at is not null))
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at) where status = 'pending';
create index webhook_deliveries_failed on webhook_deliveries (endpoint_id, created_at) where status = 'failed';
create index webhook_deliveries_listed on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_settled on webhook_deliveries (created_at) where status <> 'pending';
create index webhook_deliveries_user on webhook_deliveries (user_id, id) where user_id is not null;

create table webhook_attempts (
  delivery_id uuid not null references webhook_deliveries on delete cascade,
  number integer not null,
  at timestamptz not null,
  duration_ms integer not null,
  status_code smallint,
  error text,
  answer text,                      -- its beginning
  primary key (delivery_id, number)
);

comment on column webhook_endpoints.id is 'none';
comment on column webhook_endpoints.url is 'none';
comment on column webhook_endpoints.description is 'none';
comment on column webhook_endpoints.events is 'none';
comment on column webhook_endpoints.sealed_secret is 'none';
comment on column webhook_endpoints.sealed_old_secret is 'none';
comment on column webhook_endpoints.old_secret_until is 'none';
comment on column webhook_endpoints.disabled_at is 'none';
comment on column webhook_endpoints.disabled_reason is 'none';
comment on column webhook_endpoints.failing_since is 'none';
comment on column webhook_endpoints.failures is 'none';
comment on column webhook_endpoints.resting_until is 'none';
comment on column webhook_endpoints.created_at is 'none';
comment on column webhook_endpoints.updated_at is 'none';
comment on column webhook_deliveries.id is 'none';
comment on column webhook_deliveries.endpoint_id is 'none';
comment on column webhook_deliveries.event_id is 'none';
comment on column webhook_deliveries.status is 'none';
comment on column webhook_deliveries.tries is 'none';
comment on column webhook_deliveries.attempts is 'none';
comment on column webhook_deliveries.next_attempt_at is 'none';
comment on column webhook_deliveries.created_at is 'none';
comment on column webhook_attempts.delivery_id is 'none';
comment on column webhook_attempts.number is 'none';
comment on column webhook_attempts.at is 'none';
comment on column webhook_attempts.duration_ms is 'none';
comment on column webhook_attempts.status_code is 'none';
comment on column webhook_attempts.error is 'none';
comment on column webhook_deliveries.user_id is 'person; exported; erased: 30 days after it was handed over';
comment on column webhook_deliveries.type is 'personal; exported; erased: 30 days after it was handed over';
comment on column webhook_deliveries.occurred_at is 'personal; exported; erased: 30 days after it was handed over';
comment on column webhook_deliveries.data is 'personal; exported; erased: 30 days after it was handed over';
comment on column webhook_deliveries.delivered_at is 'personal; exported; erased: 30 days after it was handed over';
comment on column webhook_attempts.answer is 'personal; not exported: what a receiver said to the school; erased';
