-- name: CronRun_FindStanding :one
-- The state of a slot: settled (done, or failed too often), or held by a worker with a lease.
-- No row: the slot hasn't been started.
-- not null: is_settled, is_held
SELECT
  (outcome = 'succeeded' OR attempt >= @max_attempts::integer) AND outcome IS NOT NULL
    AS is_settled,
  outcome IS NULL AND lease_until >= clock_timestamp() AS is_held
FROM platform.cron_runs
WHERE job = @job AND slot = @slot;

-- name: CronRun_Claim :one
-- Claims a slot that nobody ran, whose run failed, or whose runner let its lease lapse; no row when
-- it is taken or done. Leases use the database's clock, since those of workers differ.
INSERT INTO platform.cron_runs (job, slot, worker, lease_until, attempt, started_at)
VALUES (@job, @slot, @worker,
  clock_timestamp() + make_interval(secs => @lease_seconds::double precision), 1, @started_at)
ON CONFLICT (job, slot) DO UPDATE
SET worker = excluded.worker, lease_until = excluded.lease_until,
  attempt = platform.cron_runs.attempt + 1, started_at = excluded.started_at, finished_at = NULL,
  outcome = NULL, error = NULL
WHERE (platform.cron_runs.outcome IS NULL AND platform.cron_runs.lease_until < clock_timestamp())
  OR (platform.cron_runs.outcome = 'failed'
    AND platform.cron_runs.attempt < @max_attempts::integer)
RETURNING attempt;

-- name: CronRun_Extend :execrows
UPDATE platform.cron_runs
SET lease_until = clock_timestamp() + make_interval(secs => @lease_seconds::double precision)
WHERE job = @job AND slot = @slot AND worker = @worker AND outcome IS NULL;

-- name: CronRun_Finish :execrows
UPDATE platform.cron_runs SET finished_at = @finished_at, outcome = @outcome,
  error = sqlc.narg(error)
WHERE job = @job AND slot = @slot AND worker = @worker AND outcome IS NULL;

-- name: CronRun_Prune :execrows
-- Forgets the oldest slots, a bounded number at a time.
DELETE FROM platform.cron_runs
WHERE ctid = ANY(ARRAY(SELECT r.ctid FROM platform.cron_runs r WHERE r.started_at < @started_before
  LIMIT @batch));
