-- How large a question of the bank is, so that what is drawn can be kept within bounds without reading it.
alter table bank_questions
  add column bytes integer not null generated always as (octet_length(question::text)) stored;
