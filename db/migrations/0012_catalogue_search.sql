create extension if not exists unaccent;

-- Signals (src/platform/database/signals.ts) from triggers too, so that no writer can forget one. Other processes hear of it by
-- NOTIFY with the commit; the process whose transaction it is by the message, which comes on its own connection, before the commit.
create function send_signal(topic text, said text) returns void language plpgsql as $$
declare
  told constant text := json_build_array(topic, said)::text;
begin
  perform pg_notify('lectern_signals', told);
  raise info using message = told, errcode = 'LC001';
end $$;

-- What every node keeps in memory of the answers to strangers, and what they are made of: 'course:<id>', 'listing' (what lists show),
-- 'popularity' (the order by it), 'categories'. Of very many at once: 'all'.
create function tell_changed(subjects text[]) returns void language plpgsql as $$
begin
  if cardinality(subjects) > 50 then subjects := '{all}'; end if;
  perform send_signal('page.changed', subject) from unnest(subjects) as subject;
end $$;

-- Whether strangers find a course. The one place that says so: lists, search and facets read `course_search`, which follows it.
create function is_listed(course courses) returns boolean language sql stable as $$
  select course.status = 'published' and course.hidden_at is null
$$;

-- Counters of a course in a row of its own, so that counting contends with nothing else.
create table course_stats (
  course_id uuid primary key references courses on delete cascade,
  activations integer not null default 0 check (activations >= 0),   -- enrollments that were ever active
  stars integer[] not null default '{0,0,0,0,0}' check (cardinality(stars) = 5 and 0 <= all (stars)),   -- reviews with 1 to 5 stars
  rating_count integer not null generated always as (stars[1] + stars[2] + stars[3] + stars[4] + stars[5]) stored,
  rating_average numeric(3, 2) not null generated always as (round(
    (stars[1] + 2 * stars[2] + 3 * stars[3] + 4 * stars[4] + 5 * stars[5])::numeric
    / greatest(1, stars[1] + stars[2] + stars[3] + stars[4] + stars[5]), 2)) stored
);
create index course_stats_popular on course_stats (activations desc, course_id desc);
create index course_stats_rating on course_stats (rating_average desc, rating_count desc, course_id desc);

-- One narrow row for each course that is listed: what lists are filtered and sorted by, and what words find. The whole document is
-- kept out of line (see below), so that a walk over the rows stays cheap.
create table course_search (
  course_id uuid primary key references courses on delete cascade,
  published_at timestamptz not null,
  category_id uuid,
  level course_level,
  language text,
  tags text[] not null,             -- in small letters
  price_currency text collate "C" not null,    -- '' is free
  price_amount bigint not null,
  name text not null,               -- the words of the title, with one space between
  title tsvector not null,          -- A: the title
  head tsvector not null,           -- and B: subtitle, tags
  document tsvector not null        -- and C: lesson titles; and the description's words
) with (toast_tuple_target = 1024);
alter table course_search alter column document set storage external, alter column name set storage main,
  alter column title set storage main, alter column head set storage main;
create index course_search_newest on course_search (published_at desc, course_id desc);
create index course_search_price on course_search (price_currency, price_amount, course_id);
create index course_search_category on course_search (category_id, published_at desc, course_id desc);
create index course_search_tags on course_search using gin (tags);
create index course_search_title on course_search using gin (title);
create index course_search_head on course_search using gin (head);
create index course_search_document on course_search using gin (document);
drop index courses_newest, courses_words;

-- The words that titles, tags and lesson titles of listed courses are made of: what a misspelled one can have meant.
create table search_words (
  word text collate "C" primary key
);
create index search_words_alike on search_words using gin (word gin_trgm_ops);

-- The words of a text: small letters, no accents, nothing but letters and digits; ASCII punctuation and that of Unicode divide. Not by
-- the parser of to_tsvector, which depends on the locale of the database.
create function words_of(said text) returns text[] language plpgsql stable parallel safe as $$
declare
  plain text := lower(unaccent('unaccent', normalize(left(coalesce(said, ''), 50000), NFKC)));
begin
  plain := regexp_replace(plain, '[\u0300-\u036f''’\u200c\u200d]', '', 'g');
  plain := regexp_replace(plain, '\mc\+\+', 'cplusplus', 'g');
  plain := regexp_replace(plain, '\m([cfj])#', '\1sharp', 'g');
  return array(
    select left(word, 40)
    from regexp_split_to_table(plain,
      '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u2190-\u2bff\u3000-\u303f\u0964\u0965\u060c\u061b\u061f]+')
      with ordinality as said (word, place)
    where word <> '' order by place);
end $$;

-- Words as a search vector of one weight, each as it is and by its English stem.
create function vector_of(words text[], weight text) returns tsvector language sql stable parallel safe as $$
  select coalesce(string_agg('''' || form || ''':' || least(place, 16000) || weight, ' '), '')::tsvector
  from unnest(words) with ordinality as said (word, place),
    lateral (select word as form union select unnest(ts_lexize('english_stem', word))) as forms
$$;

-- The same without places and weight, which a long text does not need.
create function bare_vector_of(words text[]) returns tsvector language sql stable parallel safe as $$
  select coalesce(string_agg('''' || form || '''', ' '), '')::tsvector
  from (select unnest(words) as form union select unnest(ts_lexize('english_stem', word)) from unnest(words) as word) as forms
$$;

-- Brings the search row of a course to what the course is now.
create function refresh_course_search(which uuid) returns void language plpgsql as $$
begin
  delete from course_search
  where course_id = which and not exists (select from courses where courses.id = which and is_listed(courses));
  insert into course_search
  select courses.id, courses.published_at, courses.category_id, courses.level, courses.language,
    array(select distinct lower(tag) from unnest(courses.tags) as tag), coalesce(courses.price_currency, ''),
    coalesce(courses.price_amount, 0), array_to_string(words.title, ' '), vectors.title, vectors.head,
    vectors.head || vector_of(words.lessons, 'C') || bare_vector_of(words.description)
  from courses,
    lateral (select words_of(title) as title, words_of(subtitle) || words_of(array_to_string(tags, ' ')) as head,
      words_of((select string_agg(lessons.title, ' ') from lessons where lessons.course_id = courses.id)) as lessons,
      words_of(description) as description) as words,
    lateral (select vector_of(words.title, 'A') as title,
      vector_of(words.title, 'A') || vector_of(words.head, 'B') as head) as vectors
  where courses.id = which and is_listed(courses)
  on conflict (course_id) do update set published_at = excluded.published_at, category_id = excluded.category_id,
    level = excluded.level, language = excluded.language, tags = excluded.tags, price_currency = excluded.price_currency,
    price_amount = excluded.price_amount, name = excluded.name, title = excluded.title, head = excluded.head,
    document = excluded.document;
end $$;

-- Keeps search_words: a word that comes is added, one that nothing has any more is taken away.
create function keep_search_words() returns trigger language plpgsql as $$
declare
  before text[] := '{}';
  after text[] := '{}';
begin
  if tg_op <> 'INSERT' then before := tsvector_to_array(ts_filter(old.document, '{a,b,c}')); end if;
  if tg_op <> 'DELETE' then after := tsvector_to_array(ts_filter(new.document, '{a,b,c}')); end if;
  insert into search_words
  select word from (select unnest(after) as word except select unnest(before)) as come
  where length(word) > 2 order by word
  on conflict do nothing;
  delete from search_words
  where word in (
    select word from (select unnest(before) as word except select unnest(after)) as gone
    where not exists (select from course_search where document @@ ('''' || word || '''')::tsquery) order by word);
  return null;
end $$;
create trigger keep_words after insert or delete or update of document on course_search
  for each row execute function keep_search_words();

-- What a search means, as the text of a tsquery; every word must be there, in whatever order. A word is found as the beginning of a
-- longer one and by its English stem. One that nothing begins with also stands for those it resembles: with two neighboring letters
-- swapped, or by trigrams. Words like "the" are left out, but not the last: it may be the beginning of another.
create function understand_search(said text) returns text language plpgsql stable
set pg_trgm.similarity_threshold = 0.3
as $$
begin
  return (
    with spoken as (
      select word, place, place = max(place) over () as is_last
      from unnest((words_of(said))[1:8]) with ordinality as spoken (word, place)
    ), kept as (
      select * from spoken where is_last or ts_lexize('english_stem', word) is distinct from '{}'
    ), forms as (
      select place, '''' || word || '''' || case when length(word) > 1 or is_last then ':*' else '' end as form from kept
      union
      select place, '''' || stem || '''' from kept, unnest(ts_lexize('english_stem', word)) as stem where stem <> word
      union
      select place, '''' || meant.word || '''' from kept, lateral (
        select alike.word from (
          select search_words.word, 1.0 as likeness
          from generate_series(1, length(kept.word) - 1) as at, search_words
          where length(kept.word) between 3 and 20
            and search_words.word = overlay(kept.word placing reverse(substr(kept.word, at, 2)) from at for 2) collate "C"
          union all
          select search_words.word, similarity(search_words.word, kept.word) from search_words
          where search_words.word % kept.word
        ) as alike order by likeness desc, alike.word limit 3
      ) as meant
      where length(kept.word) > 2 and not exists (
        select from search_words
        where search_words.word >= kept.word collate "C" and search_words.word < (kept.word || U&'\+10FFFF') collate "C")
    )
    select string_agg('(' || alternatives || ')', ' & ' order by place)
    from (select place, string_agg(form, ' | ' order by form) as alternatives from forms group by place) as whole
  );
end $$;

-- The triggers: whatever writes a course or what it holds, its search row follows and its pages are told of.

create function course_written() returns trigger language plpgsql as $$
declare
  before constant boolean := tg_op <> 'INSERT' and is_listed(old);
  after constant boolean := is_listed(new);
begin
  if tg_op = 'INSERT' then insert into course_stats (course_id) values (new.id); end if;
  if after is distinct from before or after
    and (new.published_at, new.category_id, new.level, new.language, new.tags, new.price_currency, new.price_amount, new.title,
      new.subtitle, new.description)
    is distinct from (old.published_at, old.category_id, old.level, old.language, old.tags, old.price_currency, old.price_amount,
      old.title, old.subtitle, old.description)
  then perform refresh_course_search(new.id); end if;
  perform tell_changed(array['course:' || new.id] || case when after or before then array['listing'] end);
  return null;
end $$;
create trigger course_written after insert or update on courses for each row execute function course_written();

create function course_gone() returns trigger language plpgsql as $$
begin
  perform tell_changed(array['course:' || old.id] || case when is_listed(old) then array['listing'] end);
  return null;
end $$;
create trigger course_gone after delete on courses for each row execute function course_gone();

-- Of a table with a course_id; `changed` are the rows that were written.
create function course_content_written() returns trigger language plpgsql as $$
declare
  course_ids uuid[];
begin
  select array_agg(distinct course_id) into course_ids from changed;
  if course_ids is null then return null; end if;
  if tg_table_name = 'lessons' then
    perform refresh_course_search(course_id) from course_search where course_id = any (course_ids);
  end if;
  perform tell_changed(array(select 'course:' || id from unnest(course_ids) as id)
    || case when exists (select from course_search where course_id = any (course_ids)) then array['listing'] end);
  return null;
end $$;
create trigger lessons_added after insert on lessons
  referencing new table as changed for each statement execute function course_content_written();
create trigger lessons_changed after update on lessons
  referencing new table as changed for each statement execute function course_content_written();
create trigger lessons_removed after delete on lessons
  referencing old table as changed for each statement execute function course_content_written();
create trigger sections_added after insert on sections
  referencing new table as changed for each statement execute function course_content_written();
create trigger sections_changed after update on sections
  referencing new table as changed for each statement execute function course_content_written();
create trigger sections_removed after delete on sections
  referencing old table as changed for each statement execute function course_content_written();
create trigger instructors_added after insert on course_instructors
  referencing new table as changed for each statement execute function course_content_written();
create trigger instructors_changed after update on course_instructors
  referencing new table as changed for each statement execute function course_content_written();
create trigger instructors_removed after delete on course_instructors
  referencing old table as changed for each statement execute function course_content_written();

create function categories_written() returns trigger language plpgsql as $$
begin
  perform tell_changed('{categories}');
  return null;
end $$;
create trigger categories_written after insert or update or delete on categories
  for each statement execute function categories_written();

create function course_counted() returns trigger language plpgsql as $$
begin
  if new.activations <> old.activations then perform tell_changed('{popularity}'); end if;
  if new.stars <> old.stars then perform tell_changed(array['course:' || new.course_id, 'listing']); end if;
  return null;
end $$;
create trigger course_counted after update on course_stats for each row execute function course_counted();

-- Instructors are shown by name, headline and picture.
create function instructor_renamed() returns trigger language plpgsql as $$
begin
  perform tell_changed(array_agg('course:' || course_id) || array['listing'])
  from course_instructors where user_id = new.id having count(*) > 0;
  return null;
end $$;
create trigger instructor_renamed after update on users for each row
  when ((new.name, new.headline, new.avatar_key) is distinct from (old.name, old.headline, old.avatar_key))
  execute function instructor_renamed();

insert into course_stats (course_id, activations)
select id, (select count(*) from enrollments where course_id = courses.id and activated_at is not null) from courses;
select refresh_course_search(id) from courses where is_listed(courses);
