-- name: AddUsageHours :exec
-- Adds to the hours of subscriptions on nodes. Rows come in the order of the key, so that two merges lock them alike. A sum stops at 2^62
-- instead of failing, for one absurd node must not keep the others' traffic waiting.
INSERT INTO telecom.usage_hours AS h
  (subscription_id, hour, node_id, raw_upload, raw_download, billed_upload, billed_download)
SELECT unnest(@subscription_ids::uuid[]), unnest(@hours::timestamptz[]), unnest(@node_ids::integer[]), unnest(@raw_uploads::bigint[]),
  unnest(@raw_downloads::bigint[]), unnest(@billed_uploads::bigint[]), unnest(@billed_downloads::bigint[])
ON CONFLICT (subscription_id, hour, node_id) DO UPDATE SET
  raw_upload = least(h.raw_upload, 4611686018427387904 - excluded.raw_upload) + excluded.raw_upload,
  raw_download = least(h.raw_download, 4611686018427387904 - excluded.raw_download) + excluded.raw_download,
  billed_upload = least(h.billed_upload, 4611686018427387904 - excluded.billed_upload) + excluded.billed_upload,
  billed_download = least(h.billed_download, 4611686018427387904 - excluded.billed_download) + excluded.billed_download;
