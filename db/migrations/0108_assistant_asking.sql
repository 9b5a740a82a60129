-- What the model is being asked at this moment, by the key under which its output will be kept: who asks the same waits for that answer.
create table assistant_asking (
  key text primary key,
  usage_id uuid not null references assistant_usage on delete cascade deferrable initially deferred,
  held_until timestamptz not null   -- whoever asks is gone by then, and another may
);
create index assistant_asking_usage on assistant_asking (usage_id);

comment on column assistant_asking.key is 'none';
comment on column assistant_asking.usage_id is 'none';
comment on column assistant_asking.held_until is 'none';
