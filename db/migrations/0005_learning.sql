-- What a student has done of a lesson. No row: nothing yet. It belongs to the enrollment, so that who begins anew begins at nothing.
-- The free space lets a new position replace the old one on its page without touching an index.
create table lesson_progress (
  enrollment_id uuid not null references enrollments on delete cascade,
  lesson_id uuid not null,
  completed_at timestamptz,
  position_seconds integer check (position_seconds >= 0),
  updated_at timestamptz not null,
  primary key (enrollment_id, lesson_id),
  constraint lesson_progress_lesson foreign key (lesson_id) references lessons on delete cascade
) with (fillfactor = 80);
create index lesson_progress_of_lesson on lesson_progress (lesson_id);
