-- Nodes: what agents run, what customers see, and which packages may use them. New tables only.
CREATE SCHEMA telecom;

-- Which packages may use which node clients. Every change of a group's members or nodes raises its version, as its transaction's
-- last statement, groups in id order; "unchanged" is answered from versions alone.
CREATE TABLE telecom.node_groups (
  id         uuid PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  version    bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL
);

-- One inbound of a proxy agent. Ids are integers on the agents' wire and are never reused.
CREATE TABLE telecom.node_servers (
  id                 integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name               text NOT NULL,
  protocol           text NOT NULL,
  settings           jsonb NOT NULL,                       -- NodeServerSettings
  factor_thousandths integer NOT NULL CHECK (factor_thousandths BETWEEN 0 AND 1000000),
  push_interval      integer NOT NULL CHECK (push_interval BETWEEN 5 AND 3600),   -- seconds
  pull_interval      integer NOT NULL CHECK (pull_interval BETWEEN 5 AND 3600),   -- seconds
  token_hash         bytea NOT NULL UNIQUE,                -- SHA-256 of the node's token
  version            bigint NOT NULL DEFAULT 1,            -- raised by every change of what `config` answers
  enabled            boolean NOT NULL DEFAULT true,
  created_at         timestamptz NOT NULL,
  last_pulled_at     timestamptz,
  last_pushed_at     timestamptz
);

-- An endpoint that customers see; many may share a server.
CREATE TABLE telecom.node_clients (
  id         uuid PRIMARY KEY,
  server_id  integer NOT NULL REFERENCES telecom.node_servers (id),
  name       text NOT NULL,
  host       text NOT NULL,
  port       integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  region     text NOT NULL DEFAULT '',
  tags       text[] NOT NULL DEFAULT '{}',
  sort_order integer NOT NULL DEFAULT 0,
  enabled    boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL
);
CREATE INDEX node_clients_server_id ON telecom.node_clients (server_id);

CREATE TABLE telecom.node_client_groups (
  client_id uuid NOT NULL REFERENCES telecom.node_clients (id) ON DELETE CASCADE,
  group_id  uuid NOT NULL REFERENCES telecom.node_groups (id),
  PRIMARY KEY (client_id, group_id)
);
CREATE INDEX node_client_groups_group_id ON telecom.node_client_groups (group_id);
