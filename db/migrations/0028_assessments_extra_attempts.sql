-- What owners granted one person above a quiz's limit, in all. Without a row: nothing.
create table extra_attempts (
  quiz_id uuid not null references quizzes on delete cascade,
  user_id uuid not null references users,
  count integer not null check (count > 0),
  primary key (quiz_id, user_id)
);
create index extra_attempts_of_user on extra_attempts (user_id);
