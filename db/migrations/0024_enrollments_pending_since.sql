-- Since when a pending enrollment waits for a payment, where somebody has begun to pay again since it was created.
alter table enrollments add column pending_since timestamptz;
-- For the job that ends what was left pending.
drop index enrollments_pending;
create index enrollments_pending on enrollments ((coalesce(pending_since, created_at))) where status = 'pending';
