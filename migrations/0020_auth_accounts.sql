-- Customers and how they log in. New tables only.
CREATE SCHEMA auth;

CREATE TABLE auth.accounts (
  id            uuid PRIMARY KEY,
  email         text NOT NULL UNIQUE,           -- normalised: lower case, no spaces around it
  password_hash text NOT NULL,                  -- argon2id, PHC string
  is_banned     boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL,
  last_login_at timestamptz
);
