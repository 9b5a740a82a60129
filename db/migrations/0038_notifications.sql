create type notification_kind as enum ('enrollment', 'payment', 'course_published', 'lesson_added', 'certificate', 'quiz_result',
  'message', 'friend_request', 'missed_call', 'reminder', 'child', 'moderation', 'security');
create type notification_email as enum ('none', 'now', 'digest');
create type notification_digest as enum ('off', 'daily', 'weekly');

-- What a person is told of a fact: once, whatever is delivered again.
create table notifications (
  id uuid primary key,
  user_id uuid not null references users,
  fact_id uuid not null,            -- the event or the announcement that it tells of
  kind notification_kind not null,
  title text not null,
  body text not null,
  data jsonb not null,
  in_app boolean not null,          -- false: it is here for its mail only
  created_at timestamptz not null,
  read_at timestamptz,
  email notification_email not null,
  digest_id uuid,                   -- the mail that gathers it, once there is one
  emailed_at timestamptz,
  constraint notifications_fact unique (user_id, fact_id, kind)
);
create index notifications_shown on notifications (user_id, id) where in_app;
create index notifications_unread on notifications (user_id) where in_app and read_at is null;
create index notifications_unsent on notifications (user_id) where email <> 'none' and emailed_at is null;
create index notifications_gathered on notifications (digest_id) where digest_id is not null;
create index notifications_created on notifications (created_at);
create index notifications_read on notifications (read_at) where read_at is not null;

-- Where a person chose otherwise than the kind has it.
create table notification_choices (
  user_id uuid not null references users,
  kind notification_kind not null,
  in_app boolean not null,
  email boolean not null,
  primary key (user_id, kind)
);

create table notification_settings (
  user_id uuid primary key references users,
  digest notification_digest not null,
  next_digest_at timestamptz,
  check ((digest = 'off') = (next_digest_at is null))
);
create index notification_settings_due on notification_settings (next_digest_at) where next_digest_at is not null;

-- One text on its way to all who are enrolled in a course, some hundred people a transaction. It is gone when all are told.
create table announcements (
  id uuid primary key,
  kind notification_kind not null,
  course_id uuid not null references courses on delete cascade,
  title text not null,
  body text not null,
  data jsonb not null,
  user_id uuid,                     -- who caused it
  created_at timestamptz not null,
  reached uuid                      -- the last enrollment whose person is told
);

-- The lessons of a course that nobody has been told of, and when its students last were.
create table lesson_news (
  course_id uuid primary key references courses on delete cascade,
  lesson_ids uuid[] not null,
  told_at timestamptz
);
