-- A misspelled word can have meant one of a description, too: search_words has the words of the whole document. They come with the course
-- that has them and are taken away by the review, as before.
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
  return null;
end $$;
drop trigger keep_words on course_words;
create trigger keep_words after insert or update of document on course_words
  for each row execute function keep_search_words();

create or replace function review_search_words() returns void language plpgsql as $$
declare
  held constant text[] := array(
    select word from ts_stat('select document from course_words') where length(word) > 2);
  unheld constant text[] := array(select word from search_words except select unnest(held));
begin
  insert into search_words select unnest(held) as word order by word on conflict do nothing;
  if unheld = '{}' then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('lectern.search_words', 0));
  delete from search_words
  where word = any (unheld)
    and not exists (select from course_words where document @@ ('''' || search_words.word || '''')::tsquery);
end $$;
select review_search_words();
