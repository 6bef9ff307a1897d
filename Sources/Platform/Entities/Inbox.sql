-- name: Inbox_Insert :execrows
-- One row: the message is new to this hook. No row: its effect is already committed.
INSERT INTO platform.inbox (hook, message_id, handled_at)
VALUES (@hook, @message_id, @handled_at)
ON CONFLICT DO NOTHING;

-- name: Inbox_Prune :execrows
-- Forgets the oldest handled messages, a bounded number at a time.
DELETE FROM platform.inbox
WHERE ctid = ANY(ARRAY(SELECT i.ctid FROM platform.inbox i WHERE i.handled_at < @handled_before
  LIMIT @batch));
