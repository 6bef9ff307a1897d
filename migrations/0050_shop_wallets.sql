-- Wallets: a balance per account, and the ledger that explains it. New tables only.
CREATE SCHEMA shop;

-- The one currency of this tenant's wallets, fixed at first use.
CREATE TABLE shop.wallet_currency (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  currency text NOT NULL
);

CREATE TABLE shop.wallets (
  account_id uuid PRIMARY KEY,
  currency   text NOT NULL,
  available  bigint NOT NULL CHECK (available >= 0),   -- minor units
  frozen     bigint NOT NULL CHECK (frozen >= 0),      -- minor units
  created_at timestamptz NOT NULL
);

-- Append-only: the sum of an account's amounts is available + frozen of its wallet, always.
CREATE TABLE shop.wallet_entries (
  id         uuid PRIMARY KEY,                         -- UUIDv7: its order is that of time
  account_id uuid NOT NULL REFERENCES shop.wallets (account_id),
  amount     bigint NOT NULL CHECK (amount <> 0),      -- minor units, negative for what was taken
  currency   text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('deposit', 'gift_card', 'order_payment', 'refund', 'withdrawal')),
  reference  uuid NOT NULL,                            -- the order, gift card … that it is for
  reason     text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (kind, reference)                             -- nothing is credited or charged twice
);
CREATE INDEX wallet_entries_account ON shop.wallet_entries (account_id, id);

CREATE FUNCTION shop.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger rows can''t be changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER wallet_entries_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shop.wallet_entries
  FOR EACH STATEMENT EXECUTE FUNCTION shop.refuse_change();
