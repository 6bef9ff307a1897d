-- no transaction
-- The primary key gets the new columns. `ON CONFLICT DO NOTHING` names no index, so workers of the version before go on.
DROP INDEX CONCURRENTLY IF EXISTS platform.idempotency_keys_by_caller;

-- This file runs outside a transaction, and a half-built index of a run before is dropped first.
-- squawk-ignore prefer-robust-stmts, ban-concurrent-index-creation-in-transaction
CREATE UNIQUE INDEX CONCURRENTLY idempotency_keys_by_caller
  ON platform.idempotency_keys (caller, caller_kind, module, method, key);

ALTER TABLE platform.idempotency_keys
  DROP CONSTRAINT idempotency_keys_pkey,
  ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY USING INDEX idempotency_keys_by_caller;
