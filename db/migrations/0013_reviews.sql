create table reviews (
  id uuid primary key,
  course_id uuid not null references courses on delete cascade,
  user_id uuid references users,    -- null: they have left
  stars smallint not null check (stars between 1 and 5),
  text text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint reviews_once unique (course_id, user_id)
);
create index reviews_of_course on reviews (course_id, id);
create index reviews_of_user on reviews (user_id);

-- Public pages show reviews, and their authors by name (see 0012).
create function review_written() returns trigger language plpgsql as $$
begin
  perform tell_changed(array['course:' || coalesce(new.course_id, old.course_id)]);
  return null;
end $$;
create trigger review_written after insert or update or delete on reviews for each row execute function review_written();

create function reviewer_renamed() returns trigger language plpgsql as $$
begin
  perform tell_changed(array_agg('course:' || course_id)) from reviews where user_id = new.id having count(*) > 0;
  return null;
end $$;
create trigger reviewer_renamed after update on users for each row
  when ((new.name, new.avatar_key) is distinct from (old.name, old.avatar_key)) execute function reviewer_renamed();
