create type quiz_reveal as enum ('never', 'after_submit', 'after_pass', 'after_last_attempt');
create type attempt_status as enum ('open', 'submitted', 'expired');

-- The quiz of a lesson or, where there is no lesson, the exam of its course. One that was taken away is kept for its attempts.
create table quizzes (
  id uuid primary key,
  course_id uuid not null references courses on delete cascade,
  lesson_id uuid,
  title text not null,
  pass_percent integer not null check (pass_percent between 1 and 100),
  time_limit_seconds integer check (time_limit_seconds > 0),
  max_attempts integer check (max_attempts > 0),
  shuffle boolean not null,
  reveal_answers quiz_reveal not null,
  questions jsonb not null,         -- with their answers, in order
  draws jsonb not null,             -- what each attempt takes from the bank at random
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  removed_at timestamptz,
  constraint quizzes_lesson foreign key (lesson_id) references lessons on delete cascade
);
create unique index quizzes_of_lesson on quizzes (lesson_id) where lesson_id is not null and removed_at is null;
create unique index quizzes_exam on quizzes (course_id) where lesson_id is null and removed_at is null;
create index quizzes_of_course on quizzes (course_id, id);
create index quizzes_all_of_lesson on quizzes (lesson_id);

-- Questions of a course that its quizzes draw from.
create table bank_questions (
  id uuid primary key,
  course_id uuid not null references courses on delete cascade,
  question jsonb not null,          -- with its answer
  tags text[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index bank_questions_of_course on bank_questions (course_id, id);

-- A frozen copy of what was asked and what was right, so that no later change of the quiz touches it. What is right stands in a
-- column of its own, which what an open attempt shows does not read. The free space keeps a save of answers on its page.
create table attempts (
  id uuid primary key,
  quiz_id uuid not null references quizzes on delete cascade,
  enrollment_id uuid not null references enrollments on delete cascade,
  user_id uuid not null references users,
  number integer not null,
  max_attempts integer,             -- as it was when the attempt began
  pass_percent integer not null,
  quiz_version integer not null,
  status attempt_status not null,
  started_at timestamptz not null,
  deadline timestamptz,
  submitted_at timestamptz,
  questions jsonb not null,         -- as they are shown
  answer_key jsonb not null,
  answers jsonb not null default '[]',
  score_percent integer check (score_percent between 0 and 100),
  passed boolean,
  results jsonb,                    -- points of each question
  -- Counted by person and not by enrollment: who enrolls anew gets no attempts anew.
  constraint attempts_number unique (quiz_id, user_id, number),
  constraint attempts_limit check (number >= 1 and (max_attempts is null or number <= max_attempts)),
  check ((status = 'open') = (submitted_at is null)),
  check ((status = 'open') = (score_percent is null)),
  check ((status = 'open') = (passed is null)),
  check ((status = 'open') = (results is null))
) with (fillfactor = 80);
create unique index attempts_open on attempts (quiz_id, user_id) where status = 'open';
create index attempts_of_quiz on attempts (quiz_id, id);
create index attempts_of_user on attempts (user_id, id);
create index attempts_of_enrollment on attempts (enrollment_id, quiz_id);

-- What the closed attempts of an enrollment came to, for dashboards: kept by the transaction that closes an attempt.
create table quiz_results (
  enrollment_id uuid not null references enrollments on delete cascade,
  quiz_id uuid not null references quizzes on delete cascade,
  attempts integer not null,
  best_percent integer not null,
  passed_at timestamptz,
  last_at timestamptz not null,
  primary key (enrollment_id, quiz_id)
);
create index quiz_results_of_quiz on quiz_results (quiz_id);
