-- Who learned on a day, in an order in which it can be gone through by pages; days alone are its beginning.
create index activity_days_in_order on activity_days (day, user_id, course_id);
drop index activity_days_by_day;
