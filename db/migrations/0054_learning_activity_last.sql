-- Triggers fire in the order of their names. Those that note the activity of a day come last, so that whoever writes progress takes the
-- facts of the enrollment before the row of the day, in whatever way they write it: taken in two orders, a first position and a completion
-- of the same student wait for each other.
alter trigger lesson_progress_begun on lesson_progress rename to lesson_progress_zz_begun;
alter trigger lesson_progress_moved on lesson_progress rename to lesson_progress_zz_moved;
alter trigger exam_passes_active on exam_passes rename to exam_passes_zz_active;
