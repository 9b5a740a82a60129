-- For the clean-up of old calls.
create index calls_ended on calls (ended_at) where ended_at is not null;
