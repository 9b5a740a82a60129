create type assistant_task as enum ('summarize', 'quiz', 'feedback');
create type assistant_outcome as enum ('answered', 'left', 'failed');

-- What the model said and was accepted, by a hash of the model and of all that it was asked.
create table assistant_outputs (
  key text primary key,             -- SHA-256, hexadecimal
  task assistant_task not null,
  user_id uuid references users,    -- whose figures it speaks of; null: it speaks of a lesson
  content jsonb not null,
  created_at timestamptz not null
);
create index assistant_outputs_user on assistant_outputs (user_id) where user_id is not null;
create index assistant_outputs_created on assistant_outputs (created_at);

-- A person's day (UTC): the row that all who take of its quota wait for.
create table assistant_days (
  user_id uuid not null references users,
  day date not null,
  begun integer not null,           -- whatever became of them
  primary key (user_id, day)
);
create index assistant_days_day on assistant_days (day);

-- Each time that the model worked for a person.
create table assistant_usage (
  id uuid primary key,
  user_id uuid not null,
  day date not null,
  task assistant_task not null,
  model text not null,
  began_at timestamptz not null,
  held_until timestamptz not null,  -- what is not ended by then never will be, and counts for nothing
  ended_at timestamptz,
  outcome assistant_outcome,
  fault text,                       -- why it failed
  tries integer not null default 0,
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  constraint assistant_usage_day foreign key (user_id, day) references assistant_days on delete cascade,
  check ((outcome is null) = (ended_at is null)),
  check (fault is null or outcome = 'failed')
);
create index assistant_usage_of_day on assistant_usage (user_id, day);
create index assistant_usage_of_person on assistant_usage (user_id, id);
