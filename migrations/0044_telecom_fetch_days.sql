-- How often links were fetched each day, and from where. A new table only.
CREATE TABLE telecom.subscription_fetch_days (
  subscription_id uuid NOT NULL REFERENCES telecom.subscriptions (id),
  day             date NOT NULL,                             -- of the operator's time zone
  fetches         bigint NOT NULL,
  addresses       text[] NOT NULL,                           -- each once, the first that came; as many as are kept
  PRIMARY KEY (subscription_id, day)
);
CREATE INDEX subscription_fetch_days_day ON telecom.subscription_fetch_days (day);
