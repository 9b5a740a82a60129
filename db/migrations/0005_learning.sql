-- What a student has done of a lesson. No row: nothing yet.
create table lesson_progress (
  enrollment_id uuid not null references enrollments on delete cascade,
  lesson_id uuid not null references lessons on delete cascade,
  completed_at timestamptz,
  position_seconds integer,
  updated_at timestamptz not null,
  primary key (enrollment_id, lesson_id)
);
create index lesson_progress_lesson on lesson_progress (lesson_id);
