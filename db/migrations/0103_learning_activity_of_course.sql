-- Who was active in a course since a day, from the index alone: its rows lie where they were written, among those of all other courses.
create index activity_days_of_course_people on activity_days (course_id, day, user_id);
drop index activity_days_of_course;
-- That an index suffices is known of rows that were vacuumed: not of a fifth of all of them only.
alter table activity_days set (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.02);
