-- The audit log is the events that are marked for it: every administrative act, every change of money or role. They outlive the others.
alter table events
  add column audited boolean not null default false,
  -- Of an audited event: in which role, by which request and from which address it was caused; null where no request did.
  add column actor_role text,
  add column request_id text,
  add column address text,
  -- What it is about, then who: the first id is the subject's.
  add column subject_type text,
  add column subjects text[] not null default '{}',
  add constraint events_audited check (audited = (subject_type is not null));

-- What was always to be kept, and is there already.
update events set audited = true, subject_type = kind.subject,
  subjects = array_remove(array[payload ->> kind.id, payload ->> kind.person], null)
from (values
  ('user.created', 'user', 'userId', null), ('user.role_changed', 'user', 'userId', null),
  ('user.suspended', 'user', 'userId', null), ('user.restored', 'user', 'userId', null),
  ('user.deleted', 'user', 'userId', null),
  ('payment.captured', 'payment', 'paymentId', 'userId'),
  ('payment.refunded', 'payment', 'paymentId', 'userId'), ('payment.refund_failed', 'payment', 'paymentId', 'userId'),
  ('payment.returned', 'payment', 'paymentId', 'userId'),
  ('coupon.created', 'coupon', 'couponId', null), ('coupon.changed', 'coupon', 'couponId', null),
  ('guardian.linked', 'user', 'childId', 'parentId'), ('guardian.removed', 'user', 'childId', 'parentId'),
  ('child.viewed', 'user', 'childId', 'parentId'),
  ('category.created', 'category', 'categoryId', null), ('category.changed', 'category', 'categoryId', null),
  ('category.deleted', 'category', 'categoryId', null),
  ('course.hidden', 'course', 'courseId', null), ('course.shown', 'course', 'courseId', null),
  ('course.assigned', 'course', 'courseId', null),
  ('certificate.revoked', 'certificate', 'certificateId', 'userId'),
  ('backup.requested', 'backup', null, null), ('backup.made', 'backup', 'name', null),
  ('backup.failed', 'backup', null, null), ('backup.verified', 'backup', 'name', null),
  ('backup.restored', 'backup', 'name', null)
) as kind (type, subject, id, person)
where events.type = kind.type;

create index events_audited on events (occurred_at, id) where audited;
create index events_audited_actor on events (user_id, occurred_at, id) where audited;
create index events_audited_type on events (type, occurred_at, id) where audited;
create index events_audited_subjects on events using gin (subjects) where audited;

-- What was recorded stays as it was recorded: only the address of a person who is erased may go.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.address is null and to_jsonb(new) - 'address' = to_jsonb(old) - 'address' then return new; end if;
  end if;
  raise exception 'the audit log is only added to: event % stays', old.id using errcode = 'restrict_violation';
end $$;
create trigger events_audit_kept before update or delete on events
  for each row when (old.audited) execute function refuse_audit_change();
