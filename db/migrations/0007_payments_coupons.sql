-- What lowers a price: by so many percent, or by so much money.
create table coupons (
  id uuid primary key,
  code text not null check (code ~ '^[A-Z0-9_-]{3,40}$'),
  percent_off smallint check (percent_off between 1 and 100),
  amount_off bigint check (amount_off > 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  course_id uuid references courses on delete cascade, -- null: every course
  max_redemptions integer check (max_redemptions > 0),
  per_user integer check (per_user > 0),
  starts_at timestamptz,
  ends_at timestamptz,
  redeemed integer not null default 0 check (redeemed >= 0),
  created_by uuid not null references users,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint coupons_code unique (code),
  check (num_nonnulls(percent_off, amount_off) = 1),
  check ((amount_off is null) = (currency is null)),
  -- Whatever races: no more than its limit.
  constraint coupons_limit check (redeemed <= max_redemptions),
  constraint coupons_dates check (starts_at < ends_at)
);
create index coupons_course on coupons (course_id, id);

-- A payment that a coupon made smaller; given back (deleted) when the payment fails. `coupons.redeemed` is their count.
create table coupon_redemptions (
  -- checked at the commit: the redemption decides the amount that the payment is written with
  payment_id uuid primary key references payments deferrable initially deferred,
  coupon_id uuid not null references coupons,
  user_id uuid not null references users,
  at timestamptz not null
);
create index coupon_redemptions_coupon on coupon_redemptions (coupon_id, user_id);

alter table payments add constraint payments_coupon foreign key (coupon_id) references coupons;
create index payments_coupon on payments (coupon_id) where coupon_id is not null;
-- For the admin's list.
create index payments_listed on payments (created_at desc, id desc);
