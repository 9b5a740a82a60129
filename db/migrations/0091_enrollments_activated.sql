-- For reminders: the enrollments that became active some days ago, for every number of days that matters.
create index enrollments_activated on enrollments (activated_at, id) where status = 'active';
