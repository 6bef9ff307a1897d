-- A message that the broker refuses waits on its own, so that it holds up no other. Columns of a table that is almost empty: no rewrite.
ALTER TABLE platform.outbox
  ADD COLUMN refusals   integer NOT NULL DEFAULT 0,
  ADD COLUMN not_before timestamptz;            -- null: at once
