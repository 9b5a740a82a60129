-- What an archived course was before: strangers go on knowing of one that was published, and of no other. Of those that are archived
-- already, the ones that were ever published count as published.
alter table courses add column archived_from course_status check (archived_from <> 'archived');
comment on column courses.archived_from is 'none';
update courses set archived_from = case when published_at is null then 'draft' else 'published' end::course_status
where status = 'archived';
