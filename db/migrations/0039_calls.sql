-- Voice and video calls between two people. What they say to each other is never here: only who called whom, and what became of it.
create type call_media as enum ('audio', 'video');
create type call_state as enum ('ringing', 'active', 'declined', 'cancelled', 'missed', 'busy', 'ended');

create table calls (
  id uuid primary key,
  caller_id uuid not null references users,
  callee_id uuid not null references users,
  media call_media not null,
  state call_state not null,
  created_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  check (caller_id <> callee_id),
  check ((state in ('active', 'ended')) = (answered_at is not null)),
  check ((state in ('ringing', 'active')) = (ended_at is null)),
  check ((ended_at is null) = (end_reason is null))
);
create index calls_caller on calls (caller_id, id);
create index calls_callee on calls (callee_id, id);

-- Who is in a call that rings or is active: the primary key holds that nobody is in two. The rows go when the call is over.
create table call_parties (
  user_id uuid primary key references users,
  call_id uuid not null references calls on delete cascade,
  -- The device that takes part: the calling one, and, once it has accepted, the called one.
  socket_id text,
  -- When that device was last seen connected.
  seen_at timestamptz not null
);
create index call_parties_call on call_parties (call_id);
