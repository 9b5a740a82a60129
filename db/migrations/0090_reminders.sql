create type reminder_cause as enum ('payment', 'opening', 'deadline', 'inactivity');

-- What a person is reminded of: once, and the row decides. One that does not hold any more when it is due is deleted.
create table reminders (
  id uuid primary key,
  user_id uuid not null references users,
  course_id uuid not null references courses on delete cascade,
  cause reminder_cause not null,
  subject_id uuid not null,         -- the enrollment; of a deadline the attempt
  step integer not null,            -- days: after how many it opens, or of inactivity; 0 where there is but one
  made_at timestamptz not null,
  due_at timestamptz,               -- null: they were told
  latest_at timestamptz not null,   -- where it would be told later than this, the hour does not matter; after it, it is of no use
  told_at timestamptz,
  constraint reminders_once unique (cause, subject_id, step),
  check ((due_at is null) = (told_at is not null))
);
create index reminders_due on reminders (due_at) where due_at is not null;
create index reminders_of_user on reminders (user_id, id);
create index reminders_of_course on reminders (course_id);

-- How far each search for new reminders has come: all up to `reached` was found; the search up to `until` goes on after `after`.
create table reminder_searches (
  name text primary key,
  reached timestamptz not null,
  until timestamptz,
  after jsonb,
  check (after is null or until is not null)
);

comment on column reminders.id is 'none';
comment on column reminders.user_id is 'person; exported; erased';
comment on column reminders.course_id is 'none';
comment on column reminders.cause is 'personal; exported; erased';
comment on column reminders.subject_id is 'personal; exported; erased';
comment on column reminders.step is 'personal; exported; erased';
comment on column reminders.made_at is 'personal; exported; erased';
comment on column reminders.due_at is 'personal; exported; erased';
comment on column reminders.latest_at is 'personal; exported; erased';
comment on column reminders.told_at is 'personal; exported; erased';
comment on column reminder_searches.name is 'none';
comment on column reminder_searches.reached is 'none';
comment on column reminder_searches.until is 'none';
comment on column reminder_searches.after is 'person; not exported: where a search through everybody stands for a moment; erased: when the search goes on';
