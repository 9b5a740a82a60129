alter type enrollment_source add value 'import';

-- Why a person may use a course: each reason stands for itself, so that taking one back leaves the others.
create table enrollment_entitlements (
  id uuid primary key,
  enrollment_id uuid not null references enrollments on delete cascade,
  source enrollment_source not null,
  reference uuid,                   -- of a purchase: the payment
  granted_by uuid,                  -- null: the system
  granted_at timestamptz not null,
  revoked_at timestamptz,
  revoke_reason text,
  check (source <> 'purchase' or reference is not null),
  check ((revoked_at is null) = (revoke_reason is null)),
  check (revoked_at >= granted_at)
);
-- The same reason counts once, however often it is told.
create unique index enrollment_entitlements_live on enrollment_entitlements (enrollment_id, source, reference)
  nulls not distinct where revoked_at is null;

-- What was active before entitlements were kept had one, of its source.
insert into enrollment_entitlements (id, enrollment_id, source, reference, granted_at)
select gen_random_uuid(), id, source, case source when 'purchase' then gen_random_uuid() end, activated_at
from enrollments where status in ('active', 'completed');

-- For the job that ends what was left pending, and for the roster by state.
create index enrollments_pending on enrollments (created_at) where status = 'pending';
create index enrollments_of_course_by_status on enrollments (course_id, status, id);
