-- name: Package_Insert :exec
INSERT INTO telecom.packages
  (id, series, version, is_master, name, quota_bytes, duration_seconds, reset_rule, device_limit,
   hwid_limit, speed_limit, group_id, created_at)
VALUES
  (@id, @series, @version, true, @name, @quota_bytes, @duration_seconds, @reset_rule, @device_limit,
   @hwid_limit, @speed_limit, @group_id, @created_at);

-- name: Package_LockSeries :one
-- Locks a series by its first version, which always exists, so that two new versions can't both
-- follow the same one.
SELECT id FROM telecom.packages WHERE series = @series AND version = 1 FOR NO KEY UPDATE;

-- name: Package_FindMasterVersion :one
SELECT version FROM telecom.packages WHERE series = @series AND is_master;

-- name: Package_RetireMaster :exec
UPDATE telecom.packages SET is_master = false WHERE series = @series AND is_master;

-- name: Package_ListMasters :many
-- row: Package
-- Each series by its newest version.
SELECT id, series, version, is_master, name, quota_bytes, duration_seconds, reset_rule,
  device_limit, hwid_limit, speed_limit, group_id, created_at
FROM telecom.packages WHERE is_master AND series > @after ORDER BY series LIMIT @row_limit;

-- name: Package_ListVersions :many
-- row: Package
-- The versions of a series, newest first.
SELECT id, series, version, is_master, name, quota_bytes, duration_seconds, reset_rule,
  device_limit, hwid_limit, speed_limit, group_id, created_at
FROM telecom.packages WHERE series = @series AND version < @before_version ORDER BY version DESC
LIMIT @row_limit;

-- name: Package_FindMasters :many
-- What a delivery of each series is at this moment; a series without packages has no row.
SELECT id, series FROM telecom.packages WHERE is_master AND series = ANY(@series_ids::uuid[]);
