-- For reminders: the open attempts whose time ends soon.
create index attempts_deadline on attempts (deadline, id) where status = 'open' and deadline is not null;
