-- no transaction
-- An operation that calls the outside has a row when it begins, and a second one that tells how it ended.
-- In a transaction, the lock of the first statement would last until the whole log has been read by the second. Workers of the version
-- before write no such rows.
ALTER TABLE manage.audit_log
  DROP CONSTRAINT IF EXISTS audit_log_outcome_check,
  ADD CONSTRAINT audit_log_outcome_check CHECK (outcome IN ('succeeded', 'denied', 'failed', 'begun')) NOT VALID;

ALTER TABLE manage.audit_log VALIDATE CONSTRAINT audit_log_outcome_check;
