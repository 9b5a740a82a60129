-- What words find, apart from what lists are filtered by: a search reads a row for each course that it finds, and what a row costs is its
-- page. In these narrow ones, with all that is long out of line, a page holds some fifty courses instead of sixteen.
create table course_words (
  number bigint primary key references course_search (number) on delete cascade,
  name text not null,               -- the words of the title, with one space between
  title tsvector not null,          -- A: the title
  outline tsvector not null,        -- and B: subtitle, tags; and C: lesson titles
  document tsvector not null        -- and the description's words
) with (toast_tuple_target = 256);
alter table course_words alter column name set storage main, alter column title set storage main,
  alter column outline set storage external, alter column document set storage external;
insert into course_words select number, name, title, outline, document from course_search order by number;
create index course_words_title on course_words using gin (title);
create index course_words_outline on course_words using gin (outline);
create index course_words_document on course_words using gin (document);

drop trigger keep_words on course_search;
alter table course_search drop column name, drop column title, drop column outline, drop column document;
create trigger keep_words after insert or update of outline on course_words
  for each row execute function keep_search_words();

create or replace function review_search_words() returns void language plpgsql as $$
declare
  held constant text[] := array(
    select word from ts_stat('select outline from course_words') where length(word) > 2);
  unheld constant text[] := array(select word from search_words except select unnest(held));
begin
  insert into search_words select unnest(held) as word order by word on conflict do nothing;
  if unheld = '{}' then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('lectern.search_words', 0));
  delete from search_words
  where word = any (unheld)
    and not exists (select from course_words where outline @@ ('''' || search_words.word || '''')::tsquery);
end $$;

-- What words find is kept in memory too, and is old by a subject of its own: a course that changes its price or its place is found as before.
create function tell_words_changed() returns trigger language plpgsql as $$
begin
  perform tell_changed('{listing,words}');
  return null;
end $$;
create trigger words_added after insert or delete on course_words
  for each row execute function tell_words_changed();
create trigger words_changed after update on course_words
  for each row when (new is distinct from old) execute function tell_words_changed();
-- The head is in the row that lists are filtered by.
create trigger head_changed after update on course_search
  for each row when (new.head is distinct from old.head) execute function tell_words_changed();

-- Brings the search rows of a course to what the course is now.
create or replace function refresh_course_search(which uuid) returns void language plpgsql as $$
begin
  delete from course_search
  where course_id = which and not exists (select from courses where courses.id = which and is_listed(courses));
  with found as (
    select courses.*, array_to_string(words.title, ' ') as name, vectors.title as title_vector, vectors.head,
      vectors.head || vector_of(words.lessons, 'C') as outline, words.description as described
    from courses,
      lateral (select words_of(title) as title, words_of(subtitle) || words_of(array_to_string(tags, ' ')) as head,
        words_of((select string_agg(lessons.title, ' ') from lessons where lessons.course_id = courses.id)) as lessons,
        words_of(description) as description) as words,
      lateral (select vector_of(words.title, 'A') as title,
        vector_of(words.title, 'A') || vector_of(words.head, 'B') as head) as vectors
    where courses.id = which and is_listed(courses)
  ), listed as (
    insert into course_search (course_id, published_at, category_id, level, language, tags, price_currency, price_amount, head)
    select id, published_at, category_id, level, language, array(select distinct lower(tag) from unnest(tags) as tag),
      coalesce(price_currency, ''), coalesce(price_amount, 0), head
    from found
    on conflict (course_id) do update set published_at = excluded.published_at, category_id = excluded.category_id,
      level = excluded.level, language = excluded.language, tags = excluded.tags, price_currency = excluded.price_currency,
      price_amount = excluded.price_amount, head = excluded.head
    returning number
  )
  insert into course_words (number, name, title, outline, document)
  select number, name, title_vector, outline, outline || bare_vector_of(described) from listed, found
  on conflict (number) do update set name = excluded.name, title = excluded.title, outline = excluded.outline,
    document = excluded.document;
end $$;

do $$ declare said text; begin foreach said in array
  array['number', 'name', 'title', 'outline', 'document']
loop execute format('comment on column course_words.%I is ''none''', said); end loop; end $$;
