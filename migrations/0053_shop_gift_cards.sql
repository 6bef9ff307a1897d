-- Prepaid codes. A new table, so no lock is held on live data.
CREATE TABLE shop.gift_cards (
  id          uuid PRIMARY KEY,
  code_hmac   bytea NOT NULL UNIQUE,                   -- of the normalised code: 16 upper-case characters, no dashes
  value       bigint NOT NULL CHECK (value > 0),       -- minor units of currency
  currency    text NOT NULL,
  created_at  timestamptz NOT NULL,
  expires_at  timestamptz,                             -- null: never
  redeemed_by uuid,
  redeemed_at timestamptz,
  CHECK ((redeemed_by IS NULL) = (redeemed_at IS NULL))
);
