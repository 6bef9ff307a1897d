-- no transaction
-- The index of the new primary key, which the next file puts in place.
DROP INDEX CONCURRENTLY IF EXISTS platform.idempotency_keys_by_caller;

-- This file runs outside a transaction, and a half-built index of a run before is dropped first.
-- squawk-ignore prefer-robust-stmts, ban-concurrent-index-creation-in-transaction
CREATE UNIQUE INDEX CONCURRENTLY idempotency_keys_by_caller
  ON platform.idempotency_keys (caller, caller_kind, module, method, key);
