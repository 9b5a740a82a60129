-- Nor is the audit log emptied as a whole, which asks no trigger of rows. A restore into an empty database takes the triggers off.
create function refuse_audit_truncate() returns trigger language plpgsql as $$
begin
  if exists (select from events where audited) then
    raise exception 'the audit log is only added to: its events stay' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger events_audit_kept_whole before truncate on events
  for each statement execute function refuse_audit_truncate();
