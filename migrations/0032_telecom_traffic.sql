-- Traffic: what nodes reported, what it was billed as, and what was set aside. New tables only.

-- Reports as they came, with the factor of that moment. A body that comes again within ten minutes is the same report; later it is a
-- new one: then it counts once more. The consumer applies what is accepted and not yet applied.
CREATE TABLE telecom.traffic_reports (
  id                 uuid PRIMARY KEY,
  node_id            integer NOT NULL REFERENCES telecom.node_servers (id),
  digest             bytea NOT NULL,                         -- SHA-256 of the body
  users              integer[] NOT NULL,                     -- node user ids
  uploads            bigint[] NOT NULL,                      -- raw bytes, same order
  downloads          bigint[] NOT NULL,
  factor_thousandths integer NOT NULL,
  accepted           integer NOT NULL DEFAULT 1,
  applied            integer NOT NULL DEFAULT 0,
  received_at        timestamptz NOT NULL,
  last_seen_at       timestamptz NOT NULL,
  UNIQUE (node_id, digest),
  CHECK (applied <= accepted),
  CHECK (cardinality(users) = cardinality(uploads) AND cardinality(users) = cardinality(downloads))
);
CREATE INDEX traffic_reports_waiting ON telecom.traffic_reports (received_at) WHERE applied < accepted;
CREATE INDEX traffic_reports_last_seen_at ON telecom.traffic_reports (last_seen_at);

-- Usage per hour, subscription and node; raw and billed bytes.
CREATE TABLE telecom.usage_hours (
  hour            timestamptz NOT NULL,
  subscription_id uuid NOT NULL,
  node_id         integer NOT NULL,
  raw_upload      bigint NOT NULL,
  raw_download    bigint NOT NULL,
  billed_upload   bigint NOT NULL,
  billed_download bigint NOT NULL,
  PRIMARY KEY (subscription_id, hour, node_id)
);
CREATE INDEX usage_hours_node ON telecom.usage_hours (node_id, hour);

-- Rows of reports that are not billed: unknown or ineligible users, absurd values.
CREATE TABLE telecom.traffic_set_aside (
  id           uuid PRIMARY KEY,
  report_id    uuid NOT NULL,
  node_id      integer NOT NULL,
  node_user_id integer NOT NULL,
  upload       bigint NOT NULL,
  download     bigint NOT NULL,
  reason       text NOT NULL CHECK (reason IN ('unknown_user', 'not_eligible', 'absurd', 'nothing_active')),
  created_at   timestamptz NOT NULL
);
CREATE INDEX traffic_set_aside_created_at ON telecom.traffic_set_aside (created_at);
