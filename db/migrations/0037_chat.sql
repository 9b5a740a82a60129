-- What two people have said to each other. What each of them has read and not read stands here, so that it costs no count.
create table conversations (
  id uuid primary key,
  low_id uuid not null references users,
  high_id uuid not null references users,
  last_sequence integer not null default 0,   -- raised with each message, in its transaction: the order of the messages
  last_at timestamptz not null,
  low_read integer not null default 0,        -- the last message that the one, and the other, has read
  high_read integer not null default 0,
  low_unread integer not null default 0 check (low_unread >= 0),
  high_unread integer not null default 0 check (high_unread >= 0),
  constraint conversations_pair unique (low_id, high_id),
  check (low_id < high_id)
);
create index conversations_of_low on conversations (low_id, last_at, id);
create index conversations_of_high on conversations (high_id, last_at, id);

create table messages (
  id uuid primary key,
  conversation_id uuid not null references conversations,
  sequence integer not null,
  sender_id uuid not null,                    -- one of the two of the conversation
  client_id text not null,                    -- the sender's own name for it: what makes a resend harmless
  text text,
  media_id uuid references media,
  erased boolean not null default false,      -- its sender has left
  created_at timestamptz not null,
  read_at timestamptz,
  constraint messages_sequence unique (conversation_id, sequence),
  constraint messages_once unique (conversation_id, sender_id, client_id),
  check (erased or text is not null or media_id is not null)
);
create index messages_media on messages (media_id) where media_id is not null;
