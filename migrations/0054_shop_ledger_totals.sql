-- The database itself holds each wallet to the sum of its ledger. A new column and triggers; workers of the version before satisfy them.
ALTER TABLE shop.wallets ADD COLUMN ledger_total bigint NOT NULL DEFAULT 0;   -- minor units: the sum of the account's entries
UPDATE shop.wallets w
SET ledger_total = (SELECT coalesce(sum(e.amount), 0) FROM shop.wallet_entries e WHERE e.account_id = w.account_id);

-- Entries are append-only, so a running total is their sum.
CREATE FUNCTION shop.add_to_ledger_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE shop.wallets SET ledger_total = ledger_total + NEW.amount WHERE account_id = NEW.account_id AND currency = NEW.currency;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a ledger row has the currency of its wallet' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER wallet_entries_make_the_total AFTER INSERT ON shop.wallet_entries
  FOR EACH ROW EXECUTE FUNCTION shop.add_to_ledger_total();

-- Nothing but an entry changes the total, and a wallet never changes its account or currency.
CREATE FUNCTION shop.guard_wallet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ledger_total <> OLD.ledger_total AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'only ledger rows change a wallet''s total' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.account_id <> OLD.account_id OR NEW.currency <> OLD.currency THEN
    RAISE EXCEPTION 'a wallet keeps its account and currency' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER wallets_are_guarded BEFORE UPDATE ON shop.wallets FOR EACH ROW EXECUTE FUNCTION shop.guard_wallet();

-- At the commit, when the balance and its entries are both written.
CREATE FUNCTION shop.check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM shop.wallets WHERE account_id = NEW.account_id AND available + frozen <> ledger_total) THEN
    RAISE EXCEPTION 'the balance of wallet % is not the sum of its ledger', NEW.account_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER wallets_balance AFTER INSERT OR UPDATE ON shop.wallets DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION shop.check_balance();
