-- The events that are not handed on to their subscribers yet. Whoever states a fact puts its row here with it; whoever hands it on takes
-- the row away with what it queued. No job and no notification in the transaction of a fact: PostgreSQL lets transactions that notify
-- commit one after the other only, each waiting for its own flush.
create table waiting_events (
  event_id uuid primary key,
  type text not null
);

comment on column waiting_events.event_id is 'none';
comment on column waiting_events.type is 'none';
