create type payment_status as enum ('pending', 'captured', 'failed', 'refunded');
create type refund_status as enum ('requested', 'done', 'failed');

-- What somebody was asked to pay for a course. Money is in minor units of its currency.
create table payments (
  id uuid primary key,
  user_id uuid not null references users,
  course_id uuid not null,
  enrollment_id uuid not null references enrollments,
  gateway text not null,            -- 'coupon': nothing was left to pay
  status payment_status not null,
  amount bigint not null check (amount >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  list_amount bigint not null,      -- the course's price; what a coupon took off is the difference
  coupon_id uuid,
  refunded_amount bigint not null default 0 check (refunded_amount between 0 and amount),
  reference text,                   -- the gateway's own name of the order or session
  checkout jsonb,                   -- what the browser was sent to
  capture_reference text,           -- the gateway's own name of the money that came
  pays boolean not null default false, -- this is the money that the access rests on
  failure_reason text,
  created_at timestamptz not null,
  captured_at timestamptz,
  asked_at timestamptz,             -- when the gateway was last asked how it stands
  check (list_amount >= amount),
  check (not pays or status = 'captured'),
  check ((status in ('captured', 'refunded')) = (captured_at is not null)),
  check ((status = 'failed') = (failure_reason is not null))
);
-- Whatever races: one open checkout per enrollment, and nobody pays twice for a course and keeps both.
create unique index payments_pending on payments (enrollment_id) where status = 'pending';
create unique index payments_paying on payments (user_id, course_id) where pays;
create unique index payments_reference on payments (gateway, reference);
create index payments_of_user on payments (user_id, id);
create index payments_of_enrollment on payments (enrollment_id, id);
create index payments_waiting on payments (created_at) where status = 'pending';

-- Every change of a payment: when, by whom (null: the system, a gateway) and why.
create table payment_history (
  id uuid primary key,
  payment_id uuid not null references payments on delete cascade,
  from_status payment_status,       -- null: it began
  to_status payment_status not null,
  user_id uuid,
  reason text not null,
  at timestamptz not null
);
create index payment_history_payment on payment_history (payment_id, id);

-- Money that a gateway took for us; each piece is noted once, whatever it turned out to be.
create table payment_captures (
  gateway text not null,
  capture_reference text not null,
  payment_id uuid not null references payments,
  amount bigint not null check (amount > 0),
  currency text not null,
  verdict text not null,            -- 'pays', or why it goes back: 'amount_mismatch', 'captured_twice', 'paid_twice'
  captured_at timestamptz not null,
  primary key (gateway, capture_reference)
);
create index payment_captures_payment on payment_captures (payment_id);

-- Money on its way back, or back: asked for here, or reported by a gateway.
create table refunds (
  id uuid primary key,
  payment_id uuid not null references payments,
  gateway text not null,
  capture_reference text not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  reason text,
  status refund_status not null,
  requested_by uuid,                -- null: by itself, or at the gateway
  requested_at timestamptz not null,
  done_at timestamptz,
  check ((status = 'done') = (done_at is not null)),
  foreign key (gateway, capture_reference) references payment_captures
);
create index refunds_payment on refunds (payment_id, id);
create index refunds_capture on refunds (gateway, capture_reference);
create index refunds_requested on refunds (requested_at) where status = 'requested';

-- Double entry: a movement is written once per cause, and its entries sum to zero in each currency.
create table ledger_movements (
  id uuid primary key,
  cause text not null unique,       -- 'capture:<gateway>:<reference>', 'refund:<id>'
  payment_id uuid not null references payments,
  at timestamptz not null
);
create index ledger_movements_payment on ledger_movements (payment_id);
create index ledger_movements_at on ledger_movements (at);
-- gateway: what they hold for us; sales, refunds: what the school earns and gives back; returns: money that was never ours.
create table ledger_entries (
  movement_id uuid not null references ledger_movements,
  account text not null check (account in ('gateway', 'sales', 'refunds', 'returns')),
  amount bigint not null check (amount <> 0),
  currency text not null,
  primary key (movement_id, account, currency)
);
create index ledger_entries_account on ledger_entries (account, movement_id);

create function ledger_balances() returns trigger language plpgsql as $$
begin
  if exists (select from ledger_entries where movement_id = new.movement_id
             group by currency having sum(amount) <> 0) then
    raise exception 'the entries of ledger movement % do not sum to zero', new.movement_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_balanced after insert or update on ledger_entries
  deferrable initially deferred for each row execute function ledger_balances();

create function ledger_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is only ever added to' using errcode = 'restrict_violation';
end $$;
create trigger ledger_entries_final before update or delete on ledger_entries
  for each row execute function ledger_is_final();
create trigger ledger_movements_final before update or delete on ledger_movements
  for each row execute function ledger_is_final();

-- What gateways told us, verified and translated: stored before it is acted on, once however often it comes.
create table webhook_inbox (
  id uuid primary key,
  gateway text not null,
  event_id text not null,
  event jsonb not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  outcome text
);
create unique index webhook_inbox_event on webhook_inbox (gateway, event_id);
create index webhook_inbox_open on webhook_inbox (received_at) where processed_at is null;

-- The simulator's own books: what a real gateway would keep. It stands for the outside world.
create table simulator_payments (
  payment_id uuid primary key references payments on delete cascade,
  outcome text not null check (outcome in ('paid', 'declined')),
  amount bigint not null,
  currency text not null,
  at timestamptz not null
);
create table simulator_refunds (
  id uuid primary key,
  payment_id uuid not null,
  amount bigint not null check (amount > 0)
);
create index simulator_refunds_payment on simulator_refunds (payment_id);
