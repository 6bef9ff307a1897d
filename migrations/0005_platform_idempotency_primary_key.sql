-- The primary key gets the new columns. `ON CONFLICT DO NOTHING` names no index, so workers of the version before go on.
ALTER TABLE platform.idempotency_keys
  DROP CONSTRAINT idempotency_keys_pkey,
  ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY USING INDEX idempotency_keys_by_caller;
