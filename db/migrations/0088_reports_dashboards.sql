-- What dashboards would have to scan enrollments and people for, kept by triggers in the transaction that changes it.

-- Whether somebody is still at it: false once the enrollment is completed or cancelled, which is for good. It stands where the lessons are
-- counted, so that whoever changes one sees the other.
alter table enrollment_facts add column under_way boolean not null default true;
update enrollment_facts set under_way = false from enrollments where id = enrollment_id and status <> 'active';

create or replace function note_study(enrollment uuid, completed integer, at timestamptz) returns void language plpgsql as $$
begin
  insert into enrollment_facts (enrollment_id, course_id, completed_lessons, last_activity_at, under_way)
  select id, course_id, completed, at, status = 'active' from enrollments where id = enrollment
  on conflict (enrollment_id) do update set
    completed_lessons = enrollment_facts.completed_lessons + excluded.completed_lessons,
    last_activity_at = greatest(enrollment_facts.last_activity_at, excluded.last_activity_at);
end $$;

create function enrollment_over() returns trigger language plpgsql as $$
begin
  update enrollment_facts set under_way = false where enrollment_id = new.id;
  return null;
end $$;
create trigger enrollment_over after update of status on enrollments
  for each row when (old.status = 'active' and new.status <> 'active') execute function enrollment_over();

-- How many lessons those who are under way in a course have completed, all together: how far they have come on average, without
-- looking at each. Spread over 8 rows by enrollment, so that a class does not stand in line: sum them.
create table course_progress (
  course_id uuid not null references courses on delete cascade,
  shard smallint not null,
  lessons bigint not null default 0,
  primary key (course_id, shard)
) with (fillfactor = 80);

create function course_progress_counted() returns trigger language plpgsql as $$
begin
  -- In order, so that two of these do not wait for each other.
  if tg_op = 'INSERT' then
    insert into course_progress as kept (course_id, shard, lessons)
    select course_id, report_shard(enrollment_id), sum(completed_lessons) from now_kept
    where under_way and completed_lessons <> 0 group by 1, 2 order by 1, 2
    on conflict (course_id, shard) do update set lessons = kept.lessons + excluded.lessons;
  elsif tg_op = 'DELETE' then
    insert into course_progress as kept (course_id, shard, lessons)
    select course_id, report_shard(enrollment_id), -sum(completed_lessons) from was_kept
    where under_way and completed_lessons <> 0 group by 1, 2 order by 1, 2
    on conflict (course_id, shard) do update set lessons = kept.lessons + excluded.lessons;
  else
    insert into course_progress as kept (course_id, shard, lessons)
    select course_id, report_shard(enrollment_id), sum(lessons) from (
      select course_id, enrollment_id, completed_lessons as lessons from now_kept where under_way
      union all
      select course_id, enrollment_id, -completed_lessons from was_kept where under_way
    ) moved group by 1, 2 having sum(lessons) <> 0 order by 1, 2
    on conflict (course_id, shard) do update set lessons = kept.lessons + excluded.lessons;
  end if;
  return null;
end $$;
create trigger course_progress_begun after insert on enrollment_facts
  referencing new table as now_kept for each statement execute function course_progress_counted();
create trigger course_progress_moved after update on enrollment_facts
  referencing old table as was_kept new table as now_kept for each statement execute function course_progress_counted();
create trigger course_progress_gone after delete on enrollment_facts
  referencing old table as was_kept for each statement execute function course_progress_counted();

-- What it is counted from, in the shape that the nightly job compares (`counts.ts`); no event is waited for.
create view progress_moves as
  select null::text as type, null::uuid as subject_id, null::timestamptz as at, facts.course_id, completed_lessons as lessons
  from enrollment_facts facts join enrollments on enrollments.id = enrollment_id
  where status = 'active' and completed_lessons <> 0;
insert into course_progress (course_id, shard, lessons)
select course_id, 0, sum(lessons) from progress_moves group by 1;

-- How many people there are, by role and status, spread over 8 rows: sum them.
create table user_counts (
  role user_role not null,
  status user_status not null,
  shard smallint not null,
  people integer not null default 0,
  primary key (role, status, shard)
) with (fillfactor = 80);

create function users_counted() returns trigger language plpgsql as $$
begin
  insert into user_counts as kept (role, status, shard, people)
  select role, status, report_shard(id), count(*) * case tg_op when 'INSERT' then 1 else -1 end from changed
  group by 1, 2, 3 order by 1, 2, 3
  on conflict (role, status, shard) do update set people = kept.people + excluded.people;
  return null;
end $$;
create trigger users_counted_in after insert on users
  referencing new table as changed for each statement execute function users_counted();
create trigger users_counted_out after delete on users
  referencing old table as changed for each statement execute function users_counted();

create function user_moved() returns trigger language plpgsql as $$
begin
  insert into user_counts as kept (role, status, shard, people)
  select role, status, report_shard(new.id), people
  from (values (old.role, old.status, -1), (new.role, new.status, 1)) moved (role, status, people) order by 1, 2
  on conflict (role, status, shard) do update set people = kept.people + excluded.people;
  return null;
end $$;
create trigger user_moved after update of role, status on users
  for each row when ((old.role, old.status) is distinct from (new.role, new.status)) execute function user_moved();

create view user_moves as
  select null::text as type, null::uuid as subject_id, null::timestamptz as at, role, status, 1 as people from users;
insert into user_counts (role, status, shard, people)
select role, status, 0, count(*) from users group by 1, 2;

-- Which courses were changed last, and how many there are in each state.
create index courses_changed on courses (updated_at desc, id desc);
create index courses_by_status on courses (status);

comment on column enrollment_facts.under_way is 'personal; not exported: as the state of the enrollment is; erased';
comment on column course_progress.course_id is 'none';
comment on column course_progress.shard is 'none';
comment on column course_progress.lessons is 'none';
comment on column user_counts.role is 'none';
comment on column user_counts.status is 'none';
comment on column user_counts.shard is 'none';
comment on column user_counts.people is 'none';
