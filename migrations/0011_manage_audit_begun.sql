-- An operation that calls the outside has a row when it begins, and a second one that tells how it ended. Workers of the version before
-- write no such rows.
ALTER TABLE manage.audit_log
  DROP CONSTRAINT audit_log_outcome_check,
  ADD CONSTRAINT audit_log_outcome_check CHECK (outcome IN ('succeeded', 'denied', 'failed', 'begun')) NOT VALID;
