-- An idempotency key belongs to a kind of caller, a caller, a module and an operation; a call to the outside keeps its intent with it.
-- Columns with constant defaults: no row is rewritten, and workers of the version before go on inserting without them. A key that such a
-- worker has stored is another key for the workers of this version: a call that is repeated across the upgrade runs again.
ALTER TABLE platform.idempotency_keys
  ADD COLUMN caller_kind text NOT NULL DEFAULT '',
  ADD COLUMN module      text NOT NULL DEFAULT '',
  ADD COLUMN intent      bytea,                 -- sealed; only while a call to the outside has no answer
  ADD COLUMN lease_until timestamptz;           -- a repetition leaves the call alone until then
