-- name: TrafficReport_MeasureWaiting :one
-- How many reports and rows wait to be merged, and since when: of the oldest `most_reports`, found
-- by their index.
-- always one
-- not null: rows
-- nullable: oldest
SELECT count(*) AS reports, coalesce(sum(w.entries), 0)::bigint AS rows,
  min(w.waits_since)::timestamptz AS oldest
FROM (
  -- A body that came again waits since it did.
  SELECT r.entries,
    CASE WHEN r.accepted = 1 THEN r.received_at ELSE r.last_seen_at END AS waits_since
  FROM telecom.traffic_reports r WHERE r.applied < r.accepted ORDER BY r.received_at
  LIMIT @max_reports) AS w;

-- name: TrafficSetAside_CountByReason :many
-- How many rows were set aside since then and why: of the newest `most_rows`.
SELECT t.reason, count(*) AS rows
FROM (
  SELECT a.reason FROM telecom.traffic_set_aside a
  WHERE a.created_at >= @since::timestamptz ORDER BY a.created_at DESC LIMIT @max_rows) AS t
GROUP BY t.reason
ORDER BY t.reason;

-- name: UsageLedger_CountRows :one
-- How many rows of the ledger wait to be rolled up, as far as is counted.
-- always one
SELECT count(*) AS rows FROM (SELECT 1 FROM telecom.usage_ledger LIMIT @max_rows) AS l;
