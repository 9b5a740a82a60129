-- What dashboards and analytics read of enrollments and of money, counted by subscribers from events, so that nobody who enrolls or pays
-- waits for it. In quarters of an hour, of which the days of every time zone are made (docs/decisions/0028); of what was learned,
-- `learning_counts` is that count.

-- Each course, when. Completions are in `learning_counts`.
create table enrollment_slots (
  course_id uuid not null references courses on delete cascade,
  slot timestamptz not null,
  begun integer not null default 0,
  activated integer not null default 0,
  cancelled integer not null default 0,
  primary key (course_id, slot)
) with (fillfactor = 80);

-- Each course, now.
create table enrollment_totals (
  course_id uuid primary key references courses on delete cascade,
  pending integer not null default 0,
  active integer not null default 0,
  completed integer not null default 0,
  cancelled integer not null default 0
) with (fillfactor = 80);

-- The whole school, when: a year of many courses is more rows than may be summed while somebody waits. Spread over 8 rows, so that workers
-- do not stand in line; a nightly job adds those of past days together.
create table school_enrollment_slots (
  slot timestamptz not null,
  shard smallint not null,
  begun integer not null default 0,
  activated integer not null default 0,
  completed integer not null default 0,
  cancelled integer not null default 0,
  primary key (slot, shard)
) with (fillfactor = 80);

-- The same of money, in minor units of its currency: what pays for courses, and what of that went back. What never was the school's (a
-- wrong amount, a second time) is in neither. `payments` counts those that a coupon made free, too.
create table revenue_slots (
  course_id uuid not null references courses on delete cascade,
  currency text not null,
  slot timestamptz not null,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  payments integer not null default 0,
  primary key (course_id, currency, slot)
) with (fillfactor = 80);

create table revenue_totals (
  course_id uuid not null references courses on delete cascade,
  currency text not null,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  payments integer not null default 0,
  primary key (course_id, currency)
) with (fillfactor = 80);

create table school_revenue_slots (
  slot timestamptz not null,
  currency text not null,
  shard smallint not null,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  payments integer not null default 0,
  primary key (slot, currency, shard)
) with (fillfactor = 80);

create function report_shard(id uuid) returns smallint immutable language sql
  return (get_byte(uuid_send(id), 15) % 8)::smallint;

-- What there is to count, from the rows that tell of it: `type` is the event that is published with it, `subject_id` what it is about, and
-- the other columns are what it adds. Subscribers add one row of it, the nightly job compares with all of them.
create view enrollment_moves as
  select 'enrollment.created' as type, id as subject_id, course_id, created_at as at, learning_slot(created_at) as slot,
    report_shard(id) as shard, 1 as begun, 0 as activated, 0 as completed, 0 as cancelled,
    1 as to_pending, 0 as to_active, 0 as to_completed, 0 as to_cancelled
  from enrollments
  union all
  select 'enrollment.activated', id, course_id, activated_at, learning_slot(activated_at), report_shard(id), 0, 1, 0, 0, -1, 1, 0, 0
  from enrollments where activated_at is not null
  union all
  select 'enrollment.completed', id, course_id, completed_at, learning_slot(completed_at), report_shard(id), 0, 0, 1, 0, 0, -1, 1, 0
  from enrollments where completed_at is not null
  union all
  select 'enrollment.cancelled', id, course_id, cancelled_at, learning_slot(cancelled_at), report_shard(id), 0, 0, 0, 1,
    -(activated_at is null)::integer, -(activated_at is not null and completed_at is null)::integer,
    -(completed_at is not null)::integer, 1
  from enrollments where cancelled_at is not null;

create view money_moves as
  select 'payment.captured' as type, captures.payment_id as subject_id, payments.course_id, captures.currency,
    captures.captured_at as at, learning_slot(captures.captured_at) as slot, report_shard(payments.id) as shard,
    captures.amount as captured, 0::bigint as refunded, 1 as payments
  from payment_captures captures join payments on payments.id = captures.payment_id
  where captures.verdict = 'pays'
  union all
  -- No gateway took anything for what a coupon has paid.
  select 'payment.captured', id, course_id, currency, captured_at, learning_slot(captured_at), report_shard(id), 0, 0, 1
  from payments where gateway = 'coupon' and captured_at is not null
  union all
  select 'payment.refunded', refunds.id, payments.course_id, refunds.currency, refunds.done_at, learning_slot(refunds.done_at),
    report_shard(payments.id), 0, refunds.amount, 0
  from refunds join payments on payments.id = refunds.payment_id
  join payment_captures captures
    on captures.gateway = refunds.gateway and captures.capture_reference = refunds.capture_reference
  where refunds.done_at is not null and captures.verdict = 'pays';

-- What the subscribers have yet to count: each is called `reports.count-` and the last word of its event.
create view uncounted_moves as
  select type, occurred_at as at, (payload ->> case type when 'payment.captured' then 'paymentId'
    when 'payment.refunded' then 'refundId' else 'enrollmentId' end)::uuid as subject_id
  from events
  where type in ('enrollment.created', 'enrollment.activated', 'enrollment.completed', 'enrollment.cancelled',
      'payment.captured', 'payment.refunded')
    and not exists (
      select from event_deliveries
      where event_id = events.id and subscriber = 'reports.count-' || split_part(events.type, '.', 2));

insert into enrollment_slots (course_id, slot, begun, activated, cancelled)
select course_id, slot, sum(begun), sum(activated), sum(cancelled) from enrollment_moves
where type <> 'enrollment.completed' group by 1, 2;
insert into enrollment_totals (course_id, pending, active, completed, cancelled)
select course_id, sum(to_pending), sum(to_active), sum(to_completed), sum(to_cancelled) from enrollment_moves group by 1;
insert into school_enrollment_slots (slot, shard, begun, activated, completed, cancelled)
select slot, 0, sum(begun), sum(activated), sum(completed), sum(cancelled) from enrollment_moves group by 1;
insert into revenue_slots (course_id, currency, slot, captured, refunded, payments)
select course_id, currency, slot, sum(captured), sum(refunded), sum(payments) from money_moves group by 1, 2, 3;
insert into revenue_totals (course_id, currency, captured, refunded, payments)
select course_id, currency, sum(captured), sum(refunded), sum(payments) from money_moves group by 1, 2;
insert into school_revenue_slots (slot, currency, shard, captured, refunded, payments)
select slot, currency, 0, sum(captured), sum(refunded), sum(payments) from money_moves group by 1, 2;

-- What was just counted is not counted again when its event is delivered.
insert into event_deliveries (event_id, subscriber, delivered_at)
select id, 'reports.count-' || split_part(type, '.', 2), occurred_at from events
where type in ('enrollment.created', 'enrollment.activated', 'enrollment.completed', 'enrollment.cancelled',
  'payment.captured', 'payment.refunded');
