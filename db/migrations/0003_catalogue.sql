create type course_status as enum ('draft', 'published', 'archived');
create type course_level as enum ('beginner', 'intermediate', 'advanced');
create type instructor_role as enum ('lead', 'assistant');
create type lesson_type as enum ('video', 'text', 'file', 'quiz');

create table categories (
  id uuid primary key,
  name text not null,
  slug text not null unique,
  parent_id uuid references categories
);

create table courses (
  id uuid primary key,
  slug text not null unique,
  title text not null,
  subtitle text,
  description text,
  status course_status not null default 'draft',
  category_id uuid references categories,
  level course_level,
  language text,
  tags text[] not null default '{}',
  price_amount bigint check (price_amount >= 0),   -- minor units; null: free
  price_currency text,
  sequential boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  published_at timestamptz,
  check ((price_amount is null) = (price_currency is null))
);
create index courses_published on courses (published_at desc, id desc) where status = 'published';
create index courses_category on courses (category_id) where status = 'published';

create table course_instructors (
  course_id uuid not null references courses on delete cascade,
  user_id uuid not null references users,
  role instructor_role not null,
  primary key (course_id, user_id)
);
create index course_instructors_user on course_instructors (user_id, course_id);

create table sections (
  id uuid primary key,
  course_id uuid not null references courses on delete cascade,
  title text not null,
  description text,
  position integer not null,
  unique (course_id, position) deferrable initially deferred
);

create table lessons (
  id uuid primary key,
  course_id uuid not null references courses on delete cascade,
  section_id uuid not null references sections on delete cascade,
  title text not null,
  type lesson_type not null,
  body text,
  duration_seconds integer check (duration_seconds >= 0),
  preview boolean not null default false,
  available_after_days integer check (available_after_days >= 0),
  position integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (section_id, position) deferrable initially deferred
);
create index lessons_course on lessons (course_id);
