-- Usage in two steps: the merge appends to a ledger, a job rolls it up to hours. Hours are kept in partitions by month, made ahead and
-- dropped by retention. An older worker's merge still adds to the hours themselves.
CREATE TABLE telecom.usage_ledger (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hour            timestamptz NOT NULL,
  subscription_id uuid NOT NULL,
  node_id         integer NOT NULL,
  raw_upload      bigint NOT NULL,
  raw_download    bigint NOT NULL,
  billed_upload   bigint NOT NULL,
  billed_download bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 100000, autovacuum_vacuum_insert_scale_factor = 0,
        autovacuum_vacuum_insert_threshold = 1000000);

ALTER TABLE telecom.usage_hours RENAME TO usage_hours_unpartitioned;
ALTER INDEX telecom.usage_hours_pkey RENAME TO usage_hours_unpartitioned_pkey;
ALTER INDEX telecom.usage_hours_node RENAME TO usage_hours_unpartitioned_node;

CREATE TABLE telecom.usage_hours (
  hour            timestamptz NOT NULL,
  subscription_id uuid NOT NULL,
  node_id         integer NOT NULL,
  raw_upload      bigint NOT NULL,
  raw_download    bigint NOT NULL,
  billed_upload   bigint NOT NULL,
  billed_download bigint NOT NULL,
  PRIMARY KEY (subscription_id, hour, node_id)
) PARTITION BY RANGE (hour);
CREATE INDEX usage_hours_node ON telecom.usage_hours (node_id, hour);
CREATE INDEX usage_hours_hour ON telecom.usage_hours (hour, subscription_id, node_id);

-- Hours for which no month was made ahead: traffic is never lost for want of a partition.
CREATE TABLE telecom.usage_hours_rest PARTITION OF telecom.usage_hours DEFAULT;

-- Makes the partition of the month of UTC that `at` is in, and moves what waited for it. Does nothing if it is there.
CREATE FUNCTION telecom.make_usage_month(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := date_trunc('month', at, 'UTC');
  past timestamptz := (date_trunc('month', at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  name text := 'usage_hours_' || to_char(at AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  -- Two makers would both find no partition.
  PERFORM pg_advisory_xact_lock(hashtextextended('telecom.make_usage_month', 0));
  IF to_regclass('telecom.' || name) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE telecom.%I (LIKE telecom.usage_hours INCLUDING DEFAULTS)', name);
  EXECUTE format(
    'WITH moved AS (DELETE FROM telecom.usage_hours_rest WHERE hour >= %L AND hour < %L RETURNING *) INSERT INTO telecom.%I SELECT * FROM moved',
    first, past, name);
  EXECUTE format('ALTER TABLE telecom.usage_hours ATTACH PARTITION telecom.%I FOR VALUES FROM (%L) TO (%L)', name, first, past);
END
$$;

-- Drops the partitions of months that ended before `cutoff`, and what is older in the rest; how many partitions it were.
CREATE FUNCTION telecom.drop_usage_months(cutoff timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  partition text;
  dropped integer := 0;
BEGIN
  -- Two droppers would both find the same partition.
  PERFORM pg_advisory_xact_lock(hashtextextended('telecom.make_usage_month', 0));
  FOR partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'telecom.usage_hours'::regclass AND c.relname ~ '^usage_hours_\d{4}_\d{2}$'
      AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= cutoff
  LOOP
    EXECUTE format('DROP TABLE telecom.%I', partition);
    dropped := dropped + 1;
  END LOOP;
  DELETE FROM telecom.usage_hours_rest WHERE hour < cutoff;
  RETURN dropped;
END
$$;

SELECT telecom.make_usage_month(month)
FROM generate_series(
  date_trunc('month', coalesce((SELECT min(hour) FROM telecom.usage_hours_unpartitioned), now()), 'UTC'), now() + interval '3 months',
  interval '1 month') AS month;

INSERT INTO telecom.usage_hours (hour, subscription_id, node_id, raw_upload, raw_download, billed_upload, billed_download)
SELECT hour, subscription_id, node_id, raw_upload, raw_download, billed_upload, billed_download FROM telecom.usage_hours_unpartitioned;
DROP TABLE telecom.usage_hours_unpartitioned;
