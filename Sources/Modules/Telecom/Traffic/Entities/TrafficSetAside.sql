-- name: TrafficSetAside_InsertMany :exec
-- Keeps rows of reports that are not billed.
INSERT INTO telecom.traffic_set_aside (id, report_id, node_id, node_user_id, upload, download,
  reason, created_at)
SELECT row.id, row.report_id, row.node_id, row.node_user_id, row.upload, row.download, row.reason,
  @created_at::timestamptz
FROM (
  SELECT unnest(@ids::uuid[]) AS id, unnest(@report_ids::uuid[]) AS report_id,
    unnest(@node_ids::integer[]) AS node_id, unnest(@node_user_ids::integer[]) AS node_user_id,
    unnest(@uploads::bigint[]) AS upload, unnest(@downloads::bigint[]) AS download,
    unnest(@reasons::text[]) AS reason) AS row;

-- name: TrafficSetAside_InsertOdd :exec
-- Stores rows of one report that can't be billed, whichever user they belong to.
INSERT INTO telecom.traffic_set_aside (id, report_id, node_id, node_user_id, upload, download,
  reason, entry, created_at)
SELECT row.id, @report_id, @node_id, row.node_user_id, row.upload, row.download, row.reason,
  row.entry, @created_at::timestamptz
FROM (
  SELECT unnest(@ids::uuid[]) AS id, unnest(@node_user_ids::integer[]) AS node_user_id,
    unnest(@uploads::bigint[]) AS upload, unnest(@downloads::bigint[]) AS download,
    unnest(@reasons::text[]) AS reason, unnest(@entries::text[]) AS entry) AS row;

-- name: TrafficSetAside_Prune :execrows
DELETE FROM telecom.traffic_set_aside
WHERE id = ANY(ARRAY(
  SELECT t.id FROM telecom.traffic_set_aside t
  WHERE t.created_at < @created_before::timestamptz LIMIT @batch));

-- name: TrafficSetAside_List :many
-- Rows that are not billed, the newest first: ids grow with time.
SELECT t.id, t.node_id, t.node_user_id, t.upload, t.download, t.reason, t.entry, t.created_at
FROM telecom.traffic_set_aside t
WHERE t.id < @before
  AND (sqlc.narg(node_id)::integer IS NULL OR t.node_id = sqlc.narg(node_id)::integer)
ORDER BY t.id DESC
LIMIT @row_limit;
