-- Words are added to search_words with the course that has them, and taken away later, by a job: a course that loses a word cannot see
-- that another, not yet committed, has just got it. Those who add hold the lock together until they commit; who takes away, alone.
create or replace function keep_search_words() returns trigger language plpgsql as $$
declare
  before text[] := '{}';
begin
  if tg_op <> 'INSERT' then before := tsvector_to_array(old.outline); end if;
  perform pg_advisory_xact_lock_shared(hashtextextended('lectern.search_words', 0));
  insert into search_words
  select word from (select unnest(tsvector_to_array(new.outline)) as word except select unnest(before)) as come
  where length(word) > 2 order by word
  on conflict do nothing;
  return null;
end $$;
drop trigger keep_words on course_search;
create trigger keep_words after insert or update of outline on course_search
  for each row execute function keep_search_words();

-- Takes away the words that no course has any more, and adds those that should never have gone.
create function review_search_words() returns void language plpgsql as $$
declare
  held constant text[] := array(
    select word from ts_stat('select outline from course_search') where length(word) > 2);
  unheld constant text[] := array(select word from search_words except select unnest(held));
begin
  insert into search_words select unnest(held) as word order by word on conflict do nothing;
  if unheld = '{}' then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('lectern.search_words', 0));
  delete from search_words
  where word = any (unheld)
    and not exists (select from course_search where outline @@ ('''' || search_words.word || '''')::tsquery);
end $$;
select review_search_words();
