-- Mailer: what became of each mail. A new table only.
CREATE SCHEMA mailer;

CREATE TABLE mailer.deliveries (
  message_id uuid PRIMARY KEY,                         -- of the job, and the left part of the mail's Message-ID
  domain     text NOT NULL,                            -- the right part; kept, so that a repeat has the same Message-ID
  recipient  text NOT NULL,
  template   text NOT NULL,
  state      text NOT NULL CHECK (state IN ('sending', 'sent', 'failed')),
  attempts   integer NOT NULL CHECK (attempts >= 1),
  smtp_reply text,                                     -- the mail server's last answer; NULL before there is one
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX deliveries_recipient ON mailer.deliveries (recipient, created_at);
CREATE INDEX deliveries_age ON mailer.deliveries (updated_at);
