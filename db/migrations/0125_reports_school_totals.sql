-- What all enrollments and payments come to, in the whole school, so that who looks at it does not add up every course. Enrollments by the
-- event that moved them, since each kind adds what the others take.
create table school_enrollment_totals (
  type text not null,
  shard smallint not null,
  pending integer not null default 0,
  active integer not null default 0,
  completed integer not null default 0,
  cancelled integer not null default 0,
  primary key (type, shard)
) with (fillfactor = 50);

create table school_revenue_totals (
  currency text not null,
  shard smallint not null,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  payments integer not null default 0,
  primary key (currency, shard)
) with (fillfactor = 50);

comment on column school_enrollment_totals.type is 'none';
comment on column school_enrollment_totals.shard is 'none';
comment on column school_enrollment_totals.pending is 'none';
comment on column school_enrollment_totals.active is 'none';
comment on column school_enrollment_totals.completed is 'none';
comment on column school_enrollment_totals.cancelled is 'none';
comment on column school_revenue_totals.currency is 'none';
comment on column school_revenue_totals.shard is 'none';
comment on column school_revenue_totals.captured is 'none';
comment on column school_revenue_totals.refunded is 'none';
comment on column school_revenue_totals.payments is 'none';

-- Of what is counted already; what is not will be counted into both.
insert into school_enrollment_totals (type, shard, pending, active, completed, cancelled)
select type, 0, sum(to_pending), sum(to_active), sum(to_completed), sum(to_cancelled) from enrollment_moves moved
where not exists (
  select from uncounted_moves coming
  where coming.type = moved.type and coming.subject_id = moved.subject_id and coming.at = moved.at)
group by type;
insert into school_revenue_totals (currency, shard, captured, refunded, payments)
select currency, 0, sum(captured), sum(refunded), sum(payments) from revenue_totals group by 1;
