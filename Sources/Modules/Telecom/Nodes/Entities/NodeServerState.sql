-- name: NodeServerState_List :many
-- Node servers with what their calls tell, the oldest first.
SELECT id, name, enabled, push_interval, pull_interval, maintenance_since, silent_since,
  last_pulled_at, last_pushed_at
FROM telecom.node_servers
WHERE id > @after AND (sqlc.narg(of_server)::integer IS NULL OR id = sqlc.narg(of_server))
  AND deleted_at IS NULL
ORDER BY id
LIMIT @row_limit;

-- name: NodeServerState_ListClients :many
-- The clients that lead to servers, in the order in which documents list them.
SELECT id, server_id, name, host, port, relay, enabled, maintenance_since FROM telecom.node_clients
WHERE server_id = ANY(@server_ids::integer[])
ORDER BY sort_order, name, id;

-- name: NodeServerState_MeasureTraffic :many
-- What each server reported since its moment in `since`. Absurdly large sums are cut off.
-- not null: users, upload, download
SELECT recent.node_id,
  (array_agg(recent.entries ORDER BY recent.received_at DESC))[1]::integer AS users,
  least(sum(recent.upload), 1000000000000000000)::bigint AS upload,
  least(sum(recent.download), 1000000000000000000)::bigint AS download
FROM (
  SELECT r.node_id, r.entries, r.received_at,
    (SELECT coalesce(sum(u), 0) FROM unnest(coalesce(r.charged_uploads, r.uploads)) AS u) AS upload,
    (SELECT coalesce(sum(d), 0)
     FROM unnest(coalesce(r.charged_downloads, r.downloads)) AS d) AS download
  FROM (
    SELECT unnest(@server_ids::integer[]) AS id, unnest(@since::timestamptz[]) AS since) AS spans
  JOIN telecom.traffic_reports r ON r.node_id = spans.id AND r.received_at > spans.since) AS recent
GROUP BY recent.node_id;

-- name: NodeServerState_ListSeen :many
-- The enabled servers whose agents have called before, with the times of their last calls.
SELECT id, name, push_interval, pull_interval, silent_since, maintenance_since, last_pulled_at,
  last_pushed_at
FROM telecom.node_servers
WHERE enabled AND deleted_at IS NULL AND (last_pulled_at IS NOT NULL OR last_pushed_at IS NOT NULL)
ORDER BY id;

-- name: NodeServer_SetSilence :execrows
-- One row: it was not so before, and the server is still to be served.
UPDATE telecom.node_servers SET silent_since = sqlc.narg(silent_since)::timestamptz
WHERE id = @id AND enabled AND deleted_at IS NULL
  AND (silent_since IS NULL) <> (sqlc.narg(silent_since)::timestamptz IS NULL);
