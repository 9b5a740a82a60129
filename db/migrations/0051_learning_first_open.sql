-- The first lesson that was not completed when a position was last kept, so that the next position need not look for it again: good as
-- long as the course, how much of it is completed and the days since the start are those that `first_of` is made from. No foreign key:
-- with the lesson the version of its course changes.
alter table lesson_progress
  add column first_of bigint,
  add column first_lesson_id uuid;
