-- name: DemoData_ListServers :many
-- The node servers whose clients are in demo groups.
SELECT s.id, s.protocol FROM telecom.node_servers s
WHERE s.id IN (
  SELECT c.server_id FROM telecom.node_clients c
  JOIN telecom.node_client_groups m ON m.client_id = c.id
  JOIN telecom.node_groups g ON g.id = m.group_id
  WHERE g.name = ANY(@group_names::text[]))
ORDER BY s.id;

-- name: DemoData_ListPackages :many
-- What is delivered of each series in demo groups, the oldest series first.
SELECT p.id, p.series FROM telecom.packages p JOIN telecom.node_groups g ON g.id = p.group_id
WHERE p.is_master AND g.name = ANY(@group_names::text[])
ORDER BY p.series;

-- name: DemoData_InsertSubscriptions :exec
INSERT INTO telecom.subscriptions (id, account_id, is_first, credential, link_token, created_at)
SELECT (@subscription_ids::uuid[])[n], (@account_ids::uuid[])[n], true, gen_random_uuid(),
  uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), (@created::timestamptz[])[n]
FROM generate_series(1, cardinality(@account_ids::uuid[])) AS n;

-- name: DemoData_InsertEndedItems :exec
-- Packages that ran out of time at `ended`, with nine tenths of their traffic used.
INSERT INTO telecom.package_queue (
  id, subscription_id, package_id, order_line, status, created_at, activated_at, expires_at,
  ended_at, end_reason, upload, download)
SELECT gen_random_uuid(), (@subscription_ids::uuid[])[n], p.id, 1, 'consumed',
  (@ended::timestamptz[])[n] - p.duration, (@ended::timestamptz[])[n] - p.duration,
  (@ended::timestamptz[])[n], (@ended::timestamptz[])[n], 'expired', p.quota_bytes / 100 * 8,
  p.quota_bytes / 100 * 82
FROM generate_series(1, cardinality(@subscription_ids::uuid[])) AS n
JOIN (
  SELECT id, quota_bytes, make_interval(secs => duration_seconds) AS duration
  FROM telecom.packages) AS p ON p.id = (@package_ids::uuid[])[n];

-- name: DemoData_InsertActiveItems :exec
-- Packages that began at `started` and have `used_percent` of their traffic used. The first of them
-- were ordered, as many as there are order ids; the others were granted.
INSERT INTO telecom.package_queue (
  id, subscription_id, package_id, order_id, order_line, status, created_at, activated_at,
  expires_at, resets_at, upload, download)
SELECT gen_random_uuid(), (@subscription_ids::uuid[])[n], p.id, (@order_ids::uuid[])[n], 1,
  'active', (@started::timestamptz[])[n], (@started::timestamptz[])[n],
  (@started::timestamptz[])[n] + make_interval(secs => p.duration_seconds),
  telecom.next_reset(
    p.reset_rule, (@started::timestamptz[])[n], @now::timestamptz, @time_zone::text),
  p.quota_bytes / 1200 * (@used_percent::integer[])[n],
  p.quota_bytes / 1200 * 11 * (@used_percent::integer[])[n]
FROM generate_series(1, cardinality(@subscription_ids::uuid[])) AS n
JOIN telecom.packages p ON p.id = (@package_ids::uuid[])[n];

-- name: DemoData_InsertWaitingItems :exec
INSERT INTO telecom.package_queue (id, subscription_id, package_id, order_line, status, created_at)
SELECT gen_random_uuid(), (@subscription_ids::uuid[])[n], (@package_ids::uuid[])[n], 1, 'in_queue',
  @now::timestamptz
FROM generate_series(1, cardinality(@subscription_ids::uuid[])) AS n;
