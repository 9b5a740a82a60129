-- Lesson titles in a vector of their own with an index of its own: that they matter more than the description is then found without
-- reading long documents.
alter table course_search add column outline tsvector not null default '';
alter table course_search alter column outline set storage external;

-- Brings the search row of a course to what the course is now.
create or replace function refresh_course_search(which uuid) returns void language plpgsql as $$
begin
  delete from course_search
  where course_id = which and not exists (select from courses where courses.id = which and is_listed(courses));
  insert into course_search (course_id, published_at, category_id, level, language, tags, price_currency, price_amount, name, title,
    head, outline, document)
  select courses.id, courses.published_at, courses.category_id, courses.level, courses.language,
    array(select distinct lower(tag) from unnest(courses.tags) as tag), coalesce(courses.price_currency, ''),
    coalesce(courses.price_amount, 0), array_to_string(words.title, ' '), vectors.title, vectors.head, vectors.outline,
    vectors.outline || bare_vector_of(words.description)
  from courses,
    lateral (select words_of(title) as title, words_of(subtitle) || words_of(array_to_string(tags, ' ')) as head,
      words_of((select string_agg(lessons.title, ' ') from lessons where lessons.course_id = courses.id)) as lessons,
      words_of(description) as description) as words,
    lateral (select vector_of(words.title, 'A') as title,
      vector_of(words.title, 'A') || vector_of(words.head, 'B') as head,
      vector_of(words.title, 'A') || vector_of(words.head, 'B') || vector_of(words.lessons, 'C') as outline) as vectors
  where courses.id = which and is_listed(courses)
  on conflict (course_id) do update set published_at = excluded.published_at, category_id = excluded.category_id,
    level = excluded.level, language = excluded.language, tags = excluded.tags, price_currency = excluded.price_currency,
    price_amount = excluded.price_amount, name = excluded.name, title = excluded.title, head = excluded.head,
    outline = excluded.outline, document = excluded.document;
end $$;

select refresh_course_search(course_id) from course_search;
create index course_search_outline on course_search using gin (outline);
