-- name: QueueItem_FindLastEnded :one
-- What a subscription used last, when it uses nothing now.
-- pipelined
-- not null: end_reason
SELECT q.upload, q.download, q.adjust_quota, q.expires_at, q.end_reason, p.quota_bytes
FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
WHERE q.subscription_id = @subscription_id AND q.ended_at IS NOT NULL AND q.activated_at IS NOT NULL
ORDER BY q.ended_at DESC, q.position DESC
LIMIT 1;

-- name: Subscription_MarkFetched :exec
-- Notes when links were last fetched. Locks in id order, as everyone who holds several
-- subscriptions does.
WITH fetched AS (
  SELECT unnest(@subscription_ids::uuid[]) AS id, unnest(@instants::timestamptz[]) AS fetched_at),
locked AS (
  SELECT s.id FROM telecom.subscriptions s WHERE s.id = ANY(@subscription_ids::uuid[])
  ORDER BY s.id FOR NO KEY UPDATE)
UPDATE telecom.subscriptions s SET last_fetched_at = greatest(s.last_fetched_at, fetched.fetched_at)
FROM locked JOIN fetched ON fetched.id = locked.id
WHERE s.id = locked.id;

-- name: SubscriptionFetch_InsertMany :exec
-- Adds to the access log.
INSERT INTO telecom.subscription_fetches (subscription_id, fetched_at, address, user_agent, format)
SELECT row.subscription_id, row.fetched_at, row.address, row.user_agent, row.format
FROM (
  SELECT unnest(@subscription_ids::uuid[]) AS subscription_id,
    unnest(@instants::timestamptz[]) AS fetched_at, unnest(@addresses::text[]) AS address,
    unnest(@user_agents::text[]) AS user_agent, unnest(@formats::text[]) AS format) AS row
ORDER BY row.fetched_at;

-- name: SubscriptionFetch_Forget :execrows
-- Leaves the newest fetches of each of the subscriptions. Two that forget at once don't wait for
-- each other.
DELETE FROM telecom.subscription_fetches
WHERE id = ANY(ARRAY(
  SELECT f.id FROM telecom.subscription_fetches f
  WHERE f.id = ANY(ARRAY(
    SELECT old.id FROM telecom.subscriptions s
    CROSS JOIN LATERAL (
      SELECT o.id FROM telecom.subscription_fetches o WHERE o.subscription_id = s.id
      ORDER BY o.id DESC OFFSET @kept::bigint) AS old
    WHERE s.id = ANY(@subscription_ids::uuid[])))
  FOR UPDATE SKIP LOCKED));

-- name: SubscriptionFetch_List :many
-- The fetches of a subscription that the log still has, the newest first.
SELECT f.id, f.fetched_at, f.address, f.user_agent, f.format FROM telecom.subscription_fetches f
WHERE f.subscription_id = @subscription_id AND f.id < @before
ORDER BY f.id DESC
LIMIT @row_limit;

-- name: SubscriptionFetch_CountAddresses :one
-- From how many addresses a subscription was fetched, as far as the log goes back.
-- always one
SELECT count(DISTINCT f.address) AS addresses FROM telecom.subscription_fetches f
WHERE f.subscription_id = @subscription_id AND f.fetched_at >= @since::timestamptz
  AND f.address <> '';

-- name: SubscriptionFetch_AddDays :exec
-- Adds to how often links were fetched on the days of a time zone, and from where. A day that has
-- very many addresses gets no more. Locks in the order of keys.
INSERT INTO telecom.subscription_fetch_days AS d (subscription_id, day, fetches, addresses)
SELECT noted.subscription_id, (noted.fetched_at AT TIME ZONE @time_zone::text)::date,
  sum(noted.fetches)::bigint,
  coalesce(array_agg(DISTINCT noted.address) FILTER (WHERE noted.address <> ''), '{}')::text[]
FROM (
  SELECT unnest(@subscription_ids::uuid[]) AS subscription_id,
    unnest(@instants::timestamptz[]) AS fetched_at, unnest(@addresses::text[]) AS address,
    unnest(@fetches::bigint[]) AS fetches) AS noted
GROUP BY 1, 2
ORDER BY 1, 2
ON CONFLICT (subscription_id, day) DO UPDATE SET
  fetches = d.fetches + excluded.fetches,
  addresses = CASE WHEN cardinality(d.addresses) >= @max_addresses::integer THEN d.addresses ELSE
    d.addresses || ARRAY(
      SELECT a FROM unnest(excluded.addresses) AS a WHERE a <> ALL(d.addresses)) END;

-- name: SubscriptionFetch_ListDays :many
-- How often a subscription's link was fetched each day and from where, the newest day first. Days
-- have numbers from 1970 on.
-- not null: day, number
SELECT to_char(d.day, 'YYYY-MM-DD')::text AS day, (d.day - date '1970-01-01')::integer AS number,
  d.fetches, d.addresses
FROM telecom.subscription_fetch_days d
WHERE d.subscription_id = @subscription_id
  AND (d.day - date '1970-01-01')::integer < @before_number::integer
ORDER BY d.day DESC
LIMIT @row_limit;

-- name: SubscriptionFetch_CountDayAddresses :one
-- From how many addresses a subscription's link was fetched, over all days that are kept.
-- always one
SELECT count(DISTINCT a.address) AS addresses FROM (
  SELECT unnest(d.addresses) AS address FROM telecom.subscription_fetch_days d
  WHERE d.subscription_id = @subscription_id) AS a;

-- name: SubscriptionFetch_PruneDays :execrows
DELETE FROM telecom.subscription_fetch_days
WHERE (subscription_id, day) IN (
  SELECT d.subscription_id, d.day
  FROM (SELECT @kept_since::timestamptz AS since, @time_zone::text AS zone) AS kept
  JOIN telecom.subscription_fetch_days d ON d.day < (kept.since AT TIME ZONE kept.zone)::date
  LIMIT @batch FOR UPDATE OF d SKIP LOCKED);

-- name: SubscriptionFetch_DeleteAll :exec
-- Deletes all that the log has of subscriptions.
DELETE FROM telecom.subscription_fetches WHERE subscription_id = ANY(@subscription_ids::uuid[]);

-- name: SubscriptionFetch_DeleteDays :exec
-- Deletes on which days the links of subscriptions were fetched, and from where. Locks in the order
-- of keys.
DELETE FROM telecom.subscription_fetch_days
WHERE (subscription_id, day) IN (
  SELECT d.subscription_id, d.day FROM telecom.subscription_fetch_days d
  WHERE d.subscription_id = ANY(@subscription_ids::uuid[])
  ORDER BY d.subscription_id, d.day FOR UPDATE);
