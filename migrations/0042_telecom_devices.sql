-- Devices by the ids that their clients send with a fetch. Expand only: an older worker neither knows nor limits them.
CREATE TABLE telecom.subscription_devices (
  subscription_id uuid NOT NULL REFERENCES telecom.subscriptions (id),
  hwid            text NOT NULL,                             -- made up by the client
  platform        text NOT NULL,                             -- empty, as the others: not said
  os_version      text NOT NULL,
  model           text NOT NULL,
  user_agent      text NOT NULL,
  first_seen_at   timestamptz NOT NULL,
  last_seen_at    timestamptz NOT NULL,
  PRIMARY KEY (subscription_id, hwid)
);
CREATE INDEX subscription_devices_last_seen_at ON telecom.subscription_devices (last_seen_at);

-- How many devices; 0: any number. Null: what the package says, or else the settings.
ALTER TABLE telecom.subscriptions ADD COLUMN hwid_limit integer;
ALTER TABLE telecom.packages ADD COLUMN hwid_limit integer;
