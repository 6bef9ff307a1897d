-- Orders: price and contents are frozen at creation; every transition is one conditional UPDATE. New tables only.
CREATE TABLE shop.orders (
  id              uuid PRIMARY KEY,                    -- UUIDv7: its order is that of time
  account_id      uuid NOT NULL,
  product_id      uuid NOT NULL REFERENCES shop.products (id),
  subscription_id uuid,                                -- null: the account's first
  title           text NOT NULL,
  price           bigint NOT NULL CHECK (price >= 0),
  currency        text NOT NULL,
  status          text NOT NULL CHECK (status IN ('unpaid', 'paid', 'delivered', 'cancelled', 'refunding', 'refunded')),
  created_at      timestamptz NOT NULL,
  pay_until       timestamptz NOT NULL,
  paid_at         timestamptz,
  delivered_at    timestamptz,
  cancelled_at    timestamptz,
  cancel_reason   text CHECK (cancel_reason IN ('customer', 'admin', 'timeout')),
  CHECK ((cancelled_at IS NULL) = (status <> 'cancelled')),
  CHECK ((paid_at IS NULL) = (status IN ('unpaid', 'cancelled')))
);
CREATE INDEX orders_account ON shop.orders (account_id, id);
CREATE INDEX orders_product ON shop.orders (product_id, account_id);
CREATE INDEX orders_unpaid ON shop.orders (pay_until) WHERE status = 'unpaid';

CREATE TABLE shop.order_packages (
  order_id uuid NOT NULL REFERENCES shop.orders (id),
  line     integer NOT NULL,
  series   uuid NOT NULL,
  amount   integer NOT NULL,
  PRIMARY KEY (order_id, line)
);
