-- For reminders: the lessons that open some days after an enrollment.
create index lessons_drip on lessons (available_after_days, course_id) where available_after_days > 0;
