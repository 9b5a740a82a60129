-- What words find is followed in memory: each process hears of each course that words find otherwise, by its number, and of words that
-- come into search_words or leave it, since a misspelled one may mean another then.
create or replace function tell_words_changed() returns trigger language plpgsql as $$
begin
  perform send_signal('course.words', (case tg_op when 'DELETE' then old.number else new.number end)::text);
  perform tell_changed('{listing}');
  return null;
end $$;

create or replace function keep_search_words() returns trigger language plpgsql as $$
declare
  before text[] := '{}';
begin
  if tg_op <> 'INSERT' then before := tsvector_to_array(old.document); end if;
  perform pg_advisory_xact_lock_shared(hashtextextended('lectern.search_words', 0));
  insert into search_words
  select word from (select unnest(tsvector_to_array(new.document)) as word except select unnest(before)) as come
  where length(word) > 2 order by word
  on conflict do nothing;
  if found then perform send_signal('course.spelled', 'all'); end if;
  return null;
end $$;

create or replace function review_search_words() returns void language plpgsql as $$
declare
  held constant text[] := array(
    select word from ts_stat('select document from course_words') where length(word) > 2);
  unheld constant text[] := array(select word from search_words except select unnest(held));
begin
  insert into search_words select unnest(held) as word order by word on conflict do nothing;
  if found then perform send_signal('course.spelled', 'all'); end if;
  if unheld = '{}' then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('lectern.search_words', 0));
  delete from search_words
  where word = any (unheld)
    and not exists (select from course_words where document @@ ('''' || search_words.word || '''')::tsquery);
  if found then perform send_signal('course.spelled', 'all'); end if;
end $$;
