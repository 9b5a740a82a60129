-- What came and went on each day of UTC, in the whole school: a month is read as its days and the quarters of an hour before the first of
-- them, however much is sold.
create table school_revenue_days (
  day date not null,
  currency text not null,
  shard smallint not null,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  payments integer not null default 0,
  primary key (day, currency, shard)
) with (fillfactor = 80);

comment on column school_revenue_days.day is 'none';
comment on column school_revenue_days.currency is 'none';
comment on column school_revenue_days.shard is 'none';
comment on column school_revenue_days.captured is 'none';
comment on column school_revenue_days.refunded is 'none';
comment on column school_revenue_days.payments is 'none';

-- Of what is counted already; what is not will be counted into both.
insert into school_revenue_days (day, currency, shard, captured, refunded, payments)
select (slot at time zone 'UTC')::date, currency, 0, sum(captured), sum(refunded), sum(payments) from school_revenue_slots group by 1, 2;

create view money_moves_by_day as select *, (at at time zone 'UTC')::date as day from money_moves;
