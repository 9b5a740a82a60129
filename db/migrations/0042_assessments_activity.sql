-- What a save of answers is checked against, without the texts of the questions: of each its type and the ids that may be chosen. Null
-- once the attempt is closed, as nothing is saved any more.
alter table attempts add column asked jsonb;
-- When its student last did something with it.
alter table attempts add column active_at timestamptz;
update attempts set
  active_at = case status when 'submitted' then submitted_at else started_at end,
  asked = case status when 'open' then (
    select coalesce(jsonb_object_agg(question->>'id', jsonb_strip_nulls(jsonb_build_object(
      'type', question->'type',
      'options', jsonb_path_query_array(question, '$.options[*].id'),
      'items', jsonb_path_query_array(question, '$.items[*].id'),
      'lefts', jsonb_path_query_array(question, '$.lefts[*].id'),
      'rights', jsonb_path_query_array(question, '$.rights[*].id')))), '{}')
    from jsonb_array_elements(questions) question) end;
alter table attempts alter column active_at set not null;
alter table attempts add constraint attempts_asked check ((status = 'open') = (asked is not null));

-- How many attempts were handed in when, and with which scores: dashboards count them here, and there are no counts to keep.
create index attempts_by_submission on attempts (quiz_id, submitted_at) include (score_percent, passed)
  where submitted_at is not null;

select note_activity(attempts.user_id, quizzes.course_id, moment)
from attempts join quizzes on quizzes.id = attempts.quiz_id, unnest(array[started_at, active_at]) moment;
