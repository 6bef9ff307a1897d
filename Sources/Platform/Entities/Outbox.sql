-- name: Outbox_Insert :exec
INSERT INTO platform.outbox (id, kind, name, body, correlation_id, causation_id, traceparent,
  created_at)
VALUES (@id, @kind, @name, @body, @correlation_id, sqlc.narg(causation_id), sqlc.narg(traceparent),
  @created_at);

-- name: Outbox_Take :many
-- Takes the oldest messages that are due and that no other relay holds.
SELECT id, kind, name, body, correlation_id, causation_id, traceparent, created_at
FROM platform.outbox
WHERE not_before IS NULL OR not_before <= clock_timestamp()
ORDER BY id
LIMIT @batch
FOR UPDATE SKIP LOCKED;

-- name: Outbox_Delete :execrows
DELETE FROM platform.outbox WHERE id = ANY(@ids::uuid[]);

-- name: Outbox_Postpone :execrows
-- Postpones messages that the broker refused: for a second, and twice as long each further time.
UPDATE platform.outbox
SET refusals = refusals + 1,
  not_before = clock_timestamp() + make_interval(
    secs => least(2 ^ least(refusals, 16), @longest_pause_seconds::double precision))
WHERE id = ANY(@ids::uuid[]);

-- name: Outbox_Measure :one
-- How many messages wait, and since when the oldest does.
-- always one
-- nullable: oldest
SELECT count(*) AS messages, min(created_at)::timestamptz AS oldest FROM platform.outbox;
