-- Which orders hold a piece of their product's stock, and what of an order never changes. A new column with a default, triggers, indexes.
ALTER TABLE shop.orders ADD COLUMN holds_stock boolean NOT NULL DEFAULT false;   -- given back when it is cancelled
UPDATE shop.orders o SET holds_stock = true FROM shop.products p WHERE p.id = o.product_id AND p.stock IS NOT NULL AND o.status = 'unpaid';

-- Unpaid -> Paid -> Delivered; Unpaid -> Cancelled; Paid or Delivered -> Refunding -> Refunded. What was agreed on stays.
CREATE FUNCTION shop.guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.account_id, NEW.product_id, NEW.title, NEW.price, NEW.currency, NEW.created_at)
    IS DISTINCT FROM (OLD.account_id, OLD.product_id, OLD.title, OLD.price, OLD.currency, OLD.created_at)
    OR NEW.subscription_id IS DISTINCT FROM OLD.subscription_id THEN
    RAISE EXCEPTION 'what was ordered can''t be changed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
    ('unpaid', 'paid'), ('unpaid', 'cancelled'), ('paid', 'delivered'), ('paid', 'refunding'), ('delivered', 'refunding'),
    ('refunding', 'refunded')) THEN
    RAISE EXCEPTION 'an order can''t go from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER orders_are_guarded BEFORE UPDATE ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.guard_order();

-- For operators' lists: by state, by time, by product.
CREATE INDEX orders_status ON shop.orders (status, id);
CREATE INDEX orders_created_at ON shop.orders (created_at);
CREATE INDEX gift_cards_redeemed_by ON shop.gift_cards (redeemed_by, id);
