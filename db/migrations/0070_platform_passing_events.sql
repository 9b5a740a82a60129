-- For the clean-up of old events: those that the audit log does not keep.
create index events_passing on events (occurred_at) where not audited;
