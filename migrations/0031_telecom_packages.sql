-- Packages in versions, subscriptions and their queues. New tables only.

-- What is delivered. A row never changes but for is_master; buying delivers the master of its series at that moment.
CREATE TABLE telecom.packages (
  id               uuid PRIMARY KEY,
  series           uuid NOT NULL,
  version          integer NOT NULL CHECK (version > 0),
  is_master        boolean NOT NULL,
  name             text NOT NULL,
  quota_bytes      bigint NOT NULL CHECK (quota_bytes > 0),
  duration_seconds bigint NOT NULL CHECK (duration_seconds > 0),
  reset_rule       text NOT NULL CHECK (reset_rule IN ('none', 'monthly', 'calendar_month')),
  device_limit     integer CHECK (device_limit > 0),        -- distinct IPs; null: any number
  speed_limit      integer CHECK (speed_limit > 0),         -- Mbit/s; null: unlimited
  group_id         uuid NOT NULL REFERENCES telecom.node_groups (id),
  created_at       timestamptz NOT NULL,
  UNIQUE (series, version)
);
CREATE UNIQUE INDEX packages_one_master ON telecom.packages (series) WHERE is_master;

-- Node user ids begin at 1001 (those below are placeholders) and are never reused.
CREATE SEQUENCE telecom.node_user_ids AS integer MINVALUE 1001;

-- One line of service of an account.
CREATE TABLE telecom.subscriptions (
  id           uuid PRIMARY KEY,
  account_id   uuid NOT NULL,
  is_first     boolean NOT NULL,                             -- the one made with the account
  node_user_id integer NOT NULL UNIQUE DEFAULT nextval('telecom.node_user_ids'),
  credential   uuid NOT NULL UNIQUE,                         -- UUIDv4: what proxies authenticate
  link_token   bytea NOT NULL UNIQUE CHECK (length(link_token) = 32),
  suspended    boolean NOT NULL DEFAULT false,               -- the account is banned
  created_at   timestamptz NOT NULL,
  last_fetched_at timestamptz
);
CREATE INDEX subscriptions_account_id ON telecom.subscriptions (account_id);
CREATE UNIQUE INDEX subscriptions_one_first ON telecom.subscriptions (account_id) WHERE is_first;

-- The packages of a subscription, first in first out, at most one active. Whoever changes a queue holds its subscription's row first.
CREATE TABLE telecom.package_queue (
  id              uuid PRIMARY KEY,
  subscription_id uuid NOT NULL REFERENCES telecom.subscriptions (id),
  -- Its place in the queue: given out under the subscription's lock, so that a later one is larger whatever the clocks say.
  position        bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  package_id      uuid NOT NULL REFERENCES telecom.packages (id),
  order_id        uuid,                                      -- null: granted
  order_line      integer NOT NULL CHECK (order_line > 0),   -- which of the copies of its order or grant
  status          text NOT NULL CHECK (status IN ('in_queue', 'active', 'consumed', 'cancelled')),
  created_at      timestamptz NOT NULL,
  activated_at    timestamptz,
  expires_at      timestamptz,                               -- set at activation
  ended_at        timestamptz,
  end_reason      text CHECK (end_reason IN ('expired', 'exhausted', 'cancelled')),
  upload          bigint NOT NULL DEFAULT 0 CHECK (upload >= 0),     -- billed bytes
  download        bigint NOT NULL DEFAULT 0 CHECK (download >= 0),   -- billed bytes
  adjust_quota    bigint NOT NULL DEFAULT 0,                 -- bytes added to the package's quota; may be negative
  CHECK ((activated_at IS NULL) = (expires_at IS NULL)),
  CHECK (status <> 'active' OR activated_at IS NOT NULL),
  CHECK (status <> 'in_queue' OR activated_at IS NULL),
  CHECK ((ended_at IS NULL) = (status IN ('in_queue', 'active'))),
  CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  UNIQUE (order_id, order_line)                              -- an order delivers each of its copies once
);
CREATE UNIQUE INDEX package_queue_one_active ON telecom.package_queue (subscription_id) WHERE status = 'active';
CREATE INDEX package_queue_waiting ON telecom.package_queue (subscription_id, position) WHERE status = 'in_queue';
CREATE INDEX package_queue_history ON telecom.package_queue (subscription_id, position);
CREATE INDEX package_queue_due ON telecom.package_queue (expires_at) WHERE status = 'active';
CREATE INDEX package_queue_active_package ON telecom.package_queue (package_id) WHERE status = 'active';
CREATE INDEX package_queue_ended ON telecom.package_queue (subscription_id, ended_at) WHERE ended_at IS NOT NULL;
