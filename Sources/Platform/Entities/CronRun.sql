-- name: ClaimCronSlot :one
-- Claims a slot that nobody ran, whose run failed, or whose runner let its lease lapse; no row when it is taken or done.
INSERT INTO platform.cron_runs (job, slot, worker, lease_until, attempt, started_at)
VALUES (@job, @slot, @worker, @lease_until, 1, @started_at)
ON CONFLICT (job, slot) DO UPDATE
SET worker = excluded.worker, lease_until = excluded.lease_until, attempt = platform.cron_runs.attempt + 1,
  started_at = excluded.started_at, finished_at = NULL, outcome = NULL, error = NULL
WHERE (platform.cron_runs.outcome IS NULL AND platform.cron_runs.lease_until < excluded.started_at)
  OR (platform.cron_runs.outcome = 'failed' AND platform.cron_runs.attempt < @most_attempts::integer)
RETURNING attempt;

-- name: ExtendCronLease :execrows
UPDATE platform.cron_runs SET lease_until = @lease_until
WHERE job = @job AND slot = @slot AND worker = @worker AND outcome IS NULL;

-- name: FinishCronSlot :execrows
UPDATE platform.cron_runs SET finished_at = @finished_at, outcome = @outcome, error = sqlc.narg(error)
WHERE job = @job AND slot = @slot AND worker = @worker AND outcome IS NULL;

-- name: SelectLatestCronRuns :many
SELECT DISTINCT ON (job) job, slot, worker, attempt, started_at, finished_at, outcome, error
FROM platform.cron_runs
ORDER BY job, slot DESC;

-- name: PruneCronRuns :execrows
DELETE FROM platform.cron_runs WHERE started_at < @started_before AND outcome IS NOT NULL;
