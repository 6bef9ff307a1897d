-- Operators: invitations, accounts, API keys, and what they did. New tables only.
CREATE SCHEMA manage;

-- Single-use, expiring. Only the hash of the token is kept.
CREATE TABLE manage.invitations (
  id         uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  role       text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,                              -- null: by the command on the machine
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  used_by    uuid,
  CHECK ((used_at IS NULL) = (used_by IS NULL))
);

CREATE TABLE manage.admins (
  id            uuid PRIMARY KEY,
  name          text NOT NULL,
  role          text NOT NULL,
  disabled      boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL,
  last_login_at timestamptz
);

-- Shown once, kept as a hash.
CREATE TABLE manage.api_keys (
  id           uuid PRIMARY KEY,
  admin_id     uuid NOT NULL REFERENCES manage.admins (id),
  name         text NOT NULL,
  key_hash     bytea NOT NULL UNIQUE,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,                     -- null: never
  revoked_at   timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_keys_admin_id ON manage.api_keys (admin_id);

-- Who did what, on what, when, from where, and how it ended. Rows can't be changed.
CREATE TABLE manage.audit_log (
  id             uuid PRIMARY KEY,              -- UUIDv7: its order is that of time
  at             timestamptz NOT NULL,
  admin_id       uuid NOT NULL,
  role           text NOT NULL,
  operation      text NOT NULL,
  target_kind    text NOT NULL,
  target_id      text NOT NULL,
  detail         text NOT NULL,
  outcome        text NOT NULL CHECK (outcome IN ('succeeded', 'denied', 'failed')),
  remote_address text NOT NULL,
  request_id     text NOT NULL
);
CREATE INDEX audit_log_admin ON manage.audit_log (admin_id, id);
CREATE INDEX audit_log_operation ON manage.audit_log (operation, id);
CREATE INDEX audit_log_target ON manage.audit_log (target_kind, target_id, id);

CREATE FUNCTION manage.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows can''t be changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON manage.audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION manage.refuse_change();
