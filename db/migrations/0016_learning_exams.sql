-- The quiz that is the final exam of a course. Which quizzes there are, only the module after this one knows.
create table course_exams (
  course_id uuid primary key references courses on delete cascade,
  quiz_id uuid not null
);

-- Who passed it. It belongs to the enrollment and stands, whichever exam the course has later.
create table exam_passes (
  enrollment_id uuid primary key references enrollments on delete cascade,
  passed_at timestamptz not null
);

-- Beside completed_at, since a reset takes the completion and leaves what was proved: such a lesson is then completed by saying so.
alter table lesson_progress add column quiz_passed_at timestamptz;
