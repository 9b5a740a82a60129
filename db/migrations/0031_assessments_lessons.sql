-- A lesson that is removed takes its quiz out of use, and no longer away with the attempts at it.
alter table quizzes add column of_removed_lesson boolean not null default false;
alter table quizzes drop constraint quizzes_lesson;
alter table quizzes add constraint quizzes_lesson foreign key (lesson_id) references lessons on delete set null;

create function quizzes_outlive_lesson() returns trigger language plpgsql as $$
begin
  new.of_removed_lesson := true;
  new.removed_at := coalesce(new.removed_at, now());
  return new;
end $$;
create trigger quizzes_outlive_lesson before update of lesson_id on quizzes
  for each row when (old.lesson_id is not null and new.lesson_id is null) execute function quizzes_outlive_lesson();

-- A lesson stays one of the type quiz as long as it has one. Whoever saves a quiz or changes a lesson holds the course.
create function lessons_keep_quiz_type() returns trigger language plpgsql as $$
begin
  if exists (select from quizzes where lesson_id = new.id and removed_at is null) then
    raise exception 'the lesson has a quiz' using errcode = 'check_violation', constraint = 'lessons_quiz_type';
  end if;
  return new;
end $$;
create trigger lessons_quiz_type before update of type on lessons
  for each row when (old.type = 'quiz' and new.type <> 'quiz') execute function lessons_keep_quiz_type();
-- Those that became of another type before are out of use: their students see none, their owners may not change them.
update quizzes set removed_at = now() from lessons
  where lessons.id = quizzes.lesson_id and lessons.type <> 'quiz' and removed_at is null;
