-- What somebody handed in last, found without reading all that they ever did.
create index attempts_of_user_submitted on attempts (user_id, submitted_at desc, id desc) where submitted_at is not null;
