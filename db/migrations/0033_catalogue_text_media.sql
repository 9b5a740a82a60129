-- The files that a text names, as pictures or links: kept in the transaction that writes the text, so that they are seen by its readers and
-- by nobody else, and stay for as long as it names them.
create table lesson_text_media (
  lesson_id uuid not null references lessons on delete cascade,
  media_id uuid not null constraint lesson_text_media_media references media,
  primary key (lesson_id, media_id)
);
create index lesson_text_media_used on lesson_text_media (media_id);

create table course_text_media (               -- by its description
  course_id uuid not null references courses on delete cascade,
  media_id uuid not null constraint course_text_media_media references media,
  primary key (course_id, media_id)
);
create index course_text_media_used on course_text_media (media_id);

-- Of the texts there are: what their writers might have named, which is what those who teach the course, or an admin, uploaded. The host
-- of the server is not known here; a text that names one of these files at another keeps it for nothing.
create function media_named_in(text) returns setof uuid language sql immutable as $$
  select distinct lower(found[1])::uuid
  from regexp_matches($1, '/api/(?:v1/)?media/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', 'gi') found
$$;
insert into lesson_text_media (lesson_id, media_id)
select lessons.id, media.id
from lessons cross join media_named_in(lessons.body) named join media on media.id = named and media.status = 'ready'
where lessons.body like '%/media/%' and (media.user_id in (select id from users where role = 'admin')
  or media.user_id in (select user_id from course_instructors where course_id = lessons.course_id));
insert into course_text_media (course_id, media_id)
select courses.id, media.id
from courses cross join media_named_in(courses.description) named join media on media.id = named and media.status = 'ready'
where courses.description like '%/media/%' and (media.user_id in (select id from users where role = 'admin')
  or media.user_id in (select user_id from course_instructors where course_id = courses.id));
update media set unused_since = null
where unused_since is not null and (id in (select media_id from lesson_text_media) or id in (select media_id from course_text_media));
drop function media_named_in(text);
