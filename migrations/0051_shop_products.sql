-- What the shop sells. New tables only.
CREATE TABLE shop.products (
  id                uuid PRIMARY KEY,
  title             text NOT NULL,
  description       text NOT NULL,                     -- Markdown
  price             bigint NOT NULL CHECK (price >= 0),
  currency          text NOT NULL,
  stock             integer CHECK (stock >= 0),        -- null: unlimited
  per_account_limit integer CHECK (per_account_limit > 0),   -- orders not cancelled; null: any number
  on_sale           boolean NOT NULL,
  private           boolean NOT NULL,                  -- not listed; who knows the id can buy it
  sort_order        integer NOT NULL DEFAULT 0,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL
);

-- What a product delivers.
CREATE TABLE shop.product_packages (
  product_id uuid NOT NULL REFERENCES shop.products (id),
  line       integer NOT NULL CHECK (line >= 0),
  series     uuid NOT NULL,
  amount     integer NOT NULL CHECK (amount BETWEEN 1 AND 1000),
  PRIMARY KEY (product_id, line)
);
