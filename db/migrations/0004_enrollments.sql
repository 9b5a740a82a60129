create type enrollment_status as enum ('pending', 'active', 'completed', 'cancelled');
-- Where the right to the course comes from.
create type enrollment_source as enum ('free', 'purchase', 'grant');

create table enrollments (
  id uuid primary key,
  course_id uuid not null,
  user_id uuid not null references users,
  status enrollment_status not null,
  source enrollment_source,         -- null until it is active
  created_at timestamptz not null,
  activated_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  -- without a cascade: a course that somebody was ever enrolled in cannot be deleted
  constraint enrollments_course foreign key (course_id) references courses,
  check (status not in ('active', 'completed') or activated_at is not null),
  check ((source is null) = (activated_at is null)),
  check (status <> 'completed' or completed_at is not null),
  check ((status = 'cancelled') = (cancelled_at is not null))
);
-- At most one live enrollment per person and course, whatever races.
create unique index enrollments_live on enrollments (user_id, course_id) where status <> 'cancelled';
create index enrollments_of_user on enrollments (user_id, id);
create index enrollments_of_course on enrollments (course_id, id);

-- Every change of an enrollment: when, by whom (null: the system) and why.
create table enrollment_history (
  id uuid primary key,
  enrollment_id uuid not null references enrollments on delete cascade,
  from_status enrollment_status,    -- null: it began
  to_status enrollment_status not null,
  user_id uuid,
  reason text not null,
  at timestamptz not null
);
create index enrollment_history_enrollment on enrollment_history (enrollment_id, id);
