-- Every slug that a course has or had: an old address leads to the course for as long as there is the course, and to no other.
create table course_slugs (
  slug text primary key,
  -- a slug is taken before its course is there
  course_id uuid not null references courses on delete cascade deferrable initially deferred
);
create index course_slugs_course on course_slugs (course_id);
insert into course_slugs (slug, course_id) select slug, id from courses;

alter table courses
  add column hidden_at timestamptz,          -- an admin took it out of the catalogue
  add column hidden_reason text,
  add column thumbnail_key text,             -- names the stored pictures; random, and another one for each picture
  add check ((hidden_at is null) = (hidden_reason is null));
create index courses_thumbnail on courses (thumbnail_key) where thumbnail_key is not null;

alter table lessons
  add column copied_from uuid,               -- the lesson of another course that this one was copied from; may be gone
  add column media_id uuid constraint lessons_media references media;
create index lessons_media_used on lessons (media_id) where media_id is not null;

create table materials (
  id uuid primary key,
  lesson_id uuid not null references lessons on delete cascade,
  media_id uuid not null constraint materials_media references media,
  title text,                                -- null: the name of the file
  position integer not null check (position > 0),
  created_at timestamptz not null,
  constraint materials_position unique (lesson_id, position) deferrable initially deferred
);
create index materials_media_used on materials (media_id);
