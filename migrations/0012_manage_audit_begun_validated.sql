-- In a file of its own: it reads the whole log, beside readers and writers, and the lock of the file before is gone by then.
ALTER TABLE manage.audit_log VALIDATE CONSTRAINT audit_log_outcome_check;
