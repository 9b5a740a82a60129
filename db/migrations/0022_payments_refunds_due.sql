-- When a refund that is still only asked for is sent again, at intervals that double.
alter table refunds add column due_at timestamptz;
update refunds set due_at = requested_at + interval '1 day' where status = 'requested';
drop index refunds_requested;
create index refunds_due on refunds (due_at) where status = 'requested';

-- What waits for a capture is found by it.
create index webhook_inbox_waiting on webhook_inbox (gateway, (event->>'captureReference'))
  where processed_at is null;

-- For the admin's list, by state and by gateway.
create index payments_listed_by_status on payments (status, created_at desc, id desc);
create index payments_listed_by_gateway on payments (gateway, created_at desc, id desc);
