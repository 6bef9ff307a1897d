-- name: Delivery_Start :one
-- Records that a mail is being sent, and by whom: the worker of this attempt, until its lease
-- lapses. No row: it is sent, or another worker is sending it. Leases use the database's clock,
-- since those of workers differ.
INSERT INTO mailer.deliveries AS d (message_id, domain, recipient, template, state, attempts,
  created_at, updated_at, leased_until)
VALUES (
  @message_id, @domain, @recipient, @template, 'sending', 1, @now, @now,
  clock_timestamp() + make_interval(secs => @lease_seconds::double precision))
ON CONFLICT (message_id) DO UPDATE
SET state = 'sending', attempts = d.attempts + 1, updated_at = excluded.updated_at,
  leased_until = excluded.leased_until
WHERE d.state <> 'sent' AND (d.leased_until IS NULL OR d.leased_until < clock_timestamp())
RETURNING d.domain, d.attempts;

-- name: Delivery_FindState :one
SELECT state FROM mailer.deliveries WHERE message_id = @message_id;

-- name: Delivery_Extend :execrows
UPDATE mailer.deliveries
SET leased_until = clock_timestamp() + make_interval(secs => @lease_seconds::double precision)
WHERE message_id = @message_id AND attempts = @attempts AND leased_until IS NOT NULL;

-- name: Delivery_Record :exec
-- Records the outcome of an attempt and ends its lease. What is sent stays sent. Any other outcome
-- counts only if no later attempt has begun.
UPDATE mailer.deliveries SET state = @state, smtp_reply = sqlc.narg(smtp_reply),
  updated_at = @updated_at, leased_until = NULL
WHERE message_id = @message_id AND state <> 'sent' AND (attempts = @attempts OR @is_sent::boolean);

-- name: Delivery_Prune :execrows
-- Removes a bounded number of rows that haven't changed since.
DELETE FROM mailer.deliveries
WHERE ctid = ANY(ARRAY(SELECT d.ctid FROM mailer.deliveries d WHERE d.updated_at < @updated_before
  ORDER BY d.updated_at LIMIT @batch));

-- name: Delivery_CountOfRecipient :one
-- always one
SELECT count(*) FROM mailer.deliveries WHERE recipient = @recipient;

-- name: Delivery_ListOfRecipient :many
-- The newest first.
SELECT message_id, template, state, attempts, smtp_reply, created_at, updated_at
FROM mailer.deliveries
WHERE recipient = @recipient
  AND (sqlc.narg(before)::uuid IS NULL OR message_id < sqlc.narg(before)::uuid)
ORDER BY message_id DESC
LIMIT @row_limit;

-- name: Delivery_ForgetRecipient :execrows
-- The log keeps that a mail was sent, but not to whom. A server's answer may name the address too.
UPDATE mailer.deliveries SET recipient = '', smtp_reply = NULL WHERE recipient = @recipient;
