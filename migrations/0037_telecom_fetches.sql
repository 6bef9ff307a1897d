-- Who fetched links lately. A new table only.

-- The newest fetches of each subscription: whoever adds some deletes the oldest.
CREATE TABLE telecom.subscription_fetches (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subscription_id uuid NOT NULL REFERENCES telecom.subscriptions (id),
  fetched_at      timestamptz NOT NULL,
  address         text NOT NULL,                             -- of the client; empty: not known
  user_agent      text NOT NULL,
  format          text NOT NULL                              -- 'page': what browsers get
);
CREATE INDEX subscription_fetches_newest ON telecom.subscription_fetches (subscription_id, id DESC);
