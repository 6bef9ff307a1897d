-- name: InsertOutboxMessage :exec
INSERT INTO platform.outbox (id, kind, name, body, correlation_id, causation_id, traceparent, created_at)
VALUES (@id, @kind, @name, @body, @correlation_id, sqlc.narg(causation_id), sqlc.narg(traceparent), @created_at);

-- name: TakeOutboxMessages :many
-- Takes the oldest messages that no other relay holds.
SELECT id, kind, name, body, correlation_id, causation_id, traceparent, created_at
FROM platform.outbox
ORDER BY id
LIMIT @batch
FOR UPDATE SKIP LOCKED;

-- name: DeleteOutboxMessages :execrows
DELETE FROM platform.outbox WHERE id = ANY(@ids::uuid[]);

-- name: MeasureOutbox :one
-- How many messages wait, and since when the oldest does.
-- always one
-- nullable: oldest
SELECT count(*) AS messages, min(created_at)::timestamptz AS oldest FROM platform.outbox;
