-- Whom a notification tells of, where that is not its reader: what is told of somebody who is gone is found by it.
create index notifications_about on notifications ((coalesce(data ->> 'childId', data ->> 'userId')))
  where coalesce(data ->> 'childId', data ->> 'userId') is not null;
