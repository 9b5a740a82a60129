-- When the gateway is to be asked next how a payment stands; null: never again. With an index of those alone, so that looking for the
-- few that are due does not cost more with every payment that ever was.
alter table payments add column due_at timestamptz;
update payments set due_at = created_at + interval '2 minutes'
where gateway <> 'coupon' and created_at > now() - interval '180 days';
alter table payments drop column asked_at;
create index payments_due on payments (due_at) where due_at is not null;
