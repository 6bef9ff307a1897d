-- name: StartDelivery :one
-- Records that a mail is being sent; answers its Message-ID's domain, or no row where it is sent already.
INSERT INTO mailer.deliveries AS d (message_id, domain, recipient, template, state, attempts, created_at, updated_at)
VALUES (@message_id, @domain, @recipient, @template, 'sending', 1, @now, @now)
ON CONFLICT (message_id) DO UPDATE SET state = 'sending', attempts = d.attempts + 1, updated_at = excluded.updated_at
WHERE d.state <> 'sent'
RETURNING d.domain;

-- name: RecordDelivery :exec
-- Records what became of an attempt. What is sent stays sent.
UPDATE mailer.deliveries SET state = @state, smtp_reply = sqlc.narg(smtp_reply), updated_at = @updated_at
WHERE message_id = @message_id AND state <> 'sent';

-- name: PruneDeliveries :execrows
-- Removes a bounded number of rows that nothing happened to since.
DELETE FROM mailer.deliveries
WHERE ctid = ANY(ARRAY(SELECT d.ctid FROM mailer.deliveries d WHERE d.updated_at < @updated_before ORDER BY d.updated_at LIMIT @batch));
