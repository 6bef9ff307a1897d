-- What every module stands on: messages on their way out and in, settings, scheduled runs, idempotency keys. New tables only.
CREATE SCHEMA platform;

-- Whose data this is. One row: a tenant is a deployment with a database of its own.
CREATE TABLE platform.installation (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  tenant_id  text NOT NULL,
  created_at timestamptz NOT NULL
);

-- Messages written in the transaction that causes them; the relay publishes and deletes them.
CREATE TABLE platform.outbox (
  id             uuid PRIMARY KEY,              -- UUIDv7; the message_id on the wire
  kind           text NOT NULL CHECK (kind IN ('event', 'job')),
  name           text NOT NULL,
  body           bytea NOT NULL,                -- JSON
  correlation_id text NOT NULL,
  causation_id   text,
  traceparent    text,
  created_at     timestamptz NOT NULL
);

-- Messages whose effect is committed, per hook: the fast path that recognises a redelivery. Pruned after 30 days.
CREATE TABLE platform.inbox (
  hook       text NOT NULL,
  message_id uuid NOT NULL,
  handled_at timestamptz NOT NULL,
  PRIMARY KEY (hook, message_id)
);
CREATE INDEX inbox_handled_at ON platform.inbox (handled_at);

-- Run-time settings: one document per module, the newest version.
CREATE TABLE platform.settings (
  module     text PRIMARY KEY,
  version    bigint NOT NULL CHECK (version > 0),
  document   jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by uuid                               -- null: by a command on the machine
);

-- Every version that ever was.
CREATE TABLE platform.settings_history (
  module     text NOT NULL,
  version    bigint NOT NULL,
  document   jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by uuid,
  PRIMARY KEY (module, version)
);

-- One row per slot of a scheduled job: who runs it, until when its lease holds, and how it ended.
CREATE TABLE platform.cron_runs (
  job         text NOT NULL,
  slot        timestamptz NOT NULL,
  worker      text NOT NULL,
  lease_until timestamptz NOT NULL,
  attempt     integer NOT NULL,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  outcome     text CHECK (outcome IN ('succeeded', 'failed')),
  error       text,
  PRIMARY KEY (job, slot),
  CHECK ((finished_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX cron_runs_started_at ON platform.cron_runs (started_at);

-- Answers of calls that carried an idempotency key: the same key gives the same answer.
CREATE TABLE platform.idempotency_keys (
  caller         uuid NOT NULL,
  method         text NOT NULL,
  key            text NOT NULL,
  request_digest bytea NOT NULL,
  response       bytea,                         -- null only inside the transaction that makes the effect
  created_at     timestamptz NOT NULL,
  PRIMARY KEY (caller, method, key)
);
CREATE INDEX idempotency_keys_created_at ON platform.idempotency_keys (created_at);
