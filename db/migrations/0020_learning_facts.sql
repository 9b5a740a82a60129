-- What dashboards read without scanning. Triggers keep it in the transaction that changes what it is counted from, so that it is exact
-- also where a removed lesson takes its progress along. A position in a lesson that was begun before touches none of it.

-- How far each enrollment has come. No row: nothing yet. One row a student: nobody waits for anybody else.
create table enrollment_facts (
  enrollment_id uuid primary key references enrollments on delete cascade,
  course_id uuid not null,
  completed_lessons integer not null,
  -- a lesson begun or completed, an exam passed
  last_activity_at timestamptz not null
) with (fillfactor = 80);
create index enrollment_facts_of_course on enrollment_facts (course_id);

-- What happened in each course in each quarter of an hour, the step by which time zones differ, so that days in every zone are sums of
-- them. Each is spread over 16 rows by enrollment, so that a class that completes a lesson together does not stand in line: sum them.
create table learning_counts (
  course_id uuid not null references courses on delete cascade,
  slot timestamptz not null,
  shard smallint not null,
  lessons_completed integer not null default 0,
  exams_passed integer not null default 0,
  courses_completed integer not null default 0,
  primary key (course_id, slot, shard)
) with (fillfactor = 80);
create index learning_counts_slot on learning_counts (slot);

create function learning_slot(at timestamptz) returns timestamptz immutable language sql
  return date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00');

create function note_study(enrollment uuid, completed integer, at timestamptz) returns void language plpgsql as $$
begin
  insert into enrollment_facts (enrollment_id, course_id, completed_lessons, last_activity_at)
  select id, course_id, completed, at from enrollments where id = enrollment
  on conflict (enrollment_id) do update set
    completed_lessons = enrollment_facts.completed_lessons + excluded.completed_lessons,
    last_activity_at = greatest(enrollment_facts.last_activity_at, excluded.last_activity_at);
end $$;

create function count_learning(enrollment uuid, at timestamptz, lessons integer, exams integer, courses integer)
returns void language plpgsql as $$
begin
  insert into learning_counts (course_id, slot, shard, lessons_completed, exams_passed, courses_completed)
  select course_id, learning_slot(at), get_byte(uuid_send(enrollment), 15) % 16, lessons, exams, courses
  from enrollments where id = enrollment
  on conflict (course_id, slot, shard) do update set
    lessons_completed = learning_counts.lessons_completed + excluded.lessons_completed,
    exams_passed = learning_counts.exams_passed + excluded.exams_passed,
    courses_completed = learning_counts.courses_completed + excluded.courses_completed;
end $$;

create function lesson_progress_facts() returns trigger language plpgsql as $$
declare
  was timestamptz := case when tg_op = 'INSERT' then null else old.completed_at end;
  enrollment uuid := case when tg_op = 'DELETE' then old.enrollment_id else new.enrollment_id end;
  becomes timestamptz := case when tg_op = 'DELETE' then null else new.completed_at end;
begin
  if tg_op = 'DELETE' then
    update enrollment_facts set completed_lessons = completed_lessons - (was is not null)::integer
    where enrollment_id = enrollment;
  else
    perform note_study(enrollment, (becomes is not null)::integer - (was is not null)::integer, new.updated_at);
  end if;
  if was is not null then perform count_learning(enrollment, was, -1, 0, 0); end if;
  if becomes is not null then perform count_learning(enrollment, becomes, 1, 0, 0); end if;
  return null;
end $$;
create trigger lesson_progress_inserted after insert on lesson_progress
  for each row execute function lesson_progress_facts();
create trigger lesson_progress_completed after update of completed_at on lesson_progress
  for each row when (old.completed_at is distinct from new.completed_at) execute function lesson_progress_facts();
create trigger lesson_progress_deleted after delete on lesson_progress
  for each row when (old.completed_at is not null) execute function lesson_progress_facts();

create function exam_passes_facts() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform note_study(new.enrollment_id, 0, new.passed_at);
    perform count_learning(new.enrollment_id, new.passed_at, 0, 1, 0);
  else
    perform count_learning(old.enrollment_id, old.passed_at, 0, -1, 0);
  end if;
  return null;
end $$;
create trigger exam_passes_changed after insert or delete on exam_passes
  for each row execute function exam_passes_facts();

insert into enrollment_facts (enrollment_id, course_id, completed_lessons, last_activity_at)
select enrollments.id, enrollments.course_id, count(lesson_progress.completed_at), max(lesson_progress.updated_at)
from lesson_progress join enrollments on enrollments.id = lesson_progress.enrollment_id
group by enrollments.id;
insert into learning_counts (course_id, slot, shard, lessons_completed)
select enrollments.course_id, learning_slot(completed.completed_at), 0, count(*)
from lesson_progress completed join enrollments on enrollments.id = completed.enrollment_id
where completed.completed_at is not null group by 1, 2;
insert into learning_counts (course_id, slot, shard, exams_passed)
select enrollments.course_id, learning_slot(passed_at), 0, count(*)
from exam_passes join enrollments on enrollments.id = exam_passes.enrollment_id group by 1, 2
on conflict (course_id, slot, shard) do update set exams_passed = excluded.exams_passed;
insert into learning_counts (course_id, slot, shard, courses_completed)
select course_id, learning_slot(completed_at), 0, count(*) from enrollments where completed_at is not null group by 1, 2
on conflict (course_id, slot, shard) do update set courses_completed = excluded.courses_completed;
