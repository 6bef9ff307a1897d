-- Mailer: two deliveries of one mail don't send it side by side. A column without a default, which takes no rewrite.
ALTER TABLE mailer.deliveries ADD COLUMN leased_until timestamptz; -- a worker is sending the mail until then; NULL: none is
