-- name: IdempotencyKey_Claim :execrows
-- One row: this call has the effect. No row: another call had it. Waits for a call that is in
-- progress.
INSERT INTO platform.idempotency_keys
  (caller_kind, caller, module, method, key, request_digest, created_at)
VALUES (@caller_kind, @caller, @module, @method, @key, @request_digest, @created_at)
ON CONFLICT DO NOTHING;

-- name: IdempotencyKey_Lock :one
SELECT request_digest, response, intent, lease_until
FROM platform.idempotency_keys
WHERE caller_kind = @caller_kind AND caller = @caller AND module = @module AND method = @method
  AND key = @key
FOR UPDATE;

-- name: IdempotencyKey_NoteIntent :exec
-- Keeps what a call to the outside is going to do, and until when it is left alone.
UPDATE platform.idempotency_keys
SET intent = @intent::bytea, lease_until = @lease_until::timestamptz
WHERE caller_kind = @caller_kind AND caller = @caller AND module = @module AND method = @method
  AND key = @key;

-- name: IdempotencyKey_Release :exec
-- Ends a lease, unless another call has taken it over.
UPDATE platform.idempotency_keys
SET lease_until = NULL
WHERE caller_kind = @caller_kind AND caller = @caller AND module = @module AND method = @method
  AND key = @key AND lease_until = @lease_until::timestamptz;

-- name: IdempotencyKey_StoreResponse :execrows
-- No row: another call has taken the lease over.
UPDATE platform.idempotency_keys
SET response = @response::bytea, intent = NULL, lease_until = NULL
WHERE caller_kind = @caller_kind AND caller = @caller AND module = @module AND method = @method
  AND key = @key AND lease_until IS NOT DISTINCT FROM sqlc.narg(lease_until)::timestamptz;

-- name: IdempotencyKey_Prune :execrows
DELETE FROM platform.idempotency_keys
WHERE ctid = ANY(ARRAY(
  SELECT k.ctid FROM platform.idempotency_keys k WHERE k.created_at < @created_before LIMIT @batch
));
