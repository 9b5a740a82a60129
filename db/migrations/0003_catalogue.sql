create type course_status as enum ('draft', 'published', 'archived');
create type course_level as enum ('beginner', 'intermediate', 'advanced');
create type instructor_role as enum ('lead', 'assistant');
create type lesson_type as enum ('video', 'text', 'file', 'quiz');

create table categories (
  id uuid primary key,
  name text not null,
  slug text not null,
  parent_id uuid,
  constraint categories_slug unique (slug),
  constraint categories_parent foreign key (parent_id) references categories
);
create index categories_name on categories (lower(name), id);
create index categories_children on categories (parent_id);

create table courses (
  id uuid primary key,
  slug text not null,
  title text not null,
  subtitle text,
  description text,                 -- Markdown, as written
  status course_status not null default 'draft',
  category_id uuid,
  level course_level,
  language text,
  tags text[] not null default '{}',
  price_amount bigint check (price_amount > 0),    -- minor units; null: free
  price_currency text,
  sequential boolean not null default false,
  version integer not null default 1,              -- counts every change of the course, its sections and lessons
  created_at timestamptz not null,
  updated_at timestamptz not null,
  published_at timestamptz,         -- the first time; publishing again does not make it new
  constraint courses_slug unique (slug),
  constraint courses_category foreign key (category_id) references categories,
  check ((price_amount is null) = (price_currency is null)),
  check (status <> 'published' or published_at is not null)
);
create index courses_newest on courses (published_at desc, id desc) where status = 'published';
create index courses_in_category on courses (category_id);
create index courses_words on courses using gin ((title || ' ' || coalesce(subtitle, '')) gin_trgm_ops)
  where status = 'published';

create table course_instructors (
  course_id uuid not null references courses on delete cascade,
  user_id uuid not null references users,
  role instructor_role not null,
  primary key (course_id, user_id)
);
create index course_instructors_user on course_instructors (user_id, course_id);

-- Positions count from 1 without gaps; they are assigned while the course's row is locked.
create table sections (
  id uuid primary key,
  course_id uuid not null references courses on delete cascade,
  title text not null,
  description text,
  position integer not null check (position > 0),
  unique (id, course_id),
  constraint sections_position unique (course_id, position) deferrable initially deferred
);

create table lessons (
  id uuid primary key,
  course_id uuid not null,
  section_id uuid not null,
  title text not null,
  type lesson_type not null,
  body text,                        -- Markdown, as written
  duration_seconds integer check (duration_seconds >= 0),
  preview boolean not null default false,
  available_after_days integer check (available_after_days >= 0),
  position integer not null check (position > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- a lesson and its section are of the same course
  constraint lessons_section foreign key (section_id, course_id) references sections (id, course_id) on delete cascade,
  constraint lessons_position unique (section_id, position) deferrable initially deferred
);
create index lessons_course on lessons (course_id);
