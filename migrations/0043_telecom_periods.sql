-- When a package's traffic last started anew, so that what was reported before does not count after. Expand only: where an older worker
-- starts it anew, late reports count as they did.
ALTER TABLE telecom.package_queue ADD COLUMN period_began_at timestamptz;   -- null: it never started anew

-- The last moment up to `at` at which a package that was activated at `activated` starts its traffic anew; null: there was none. The moments
-- are those of `telecom.next_reset`.
CREATE FUNCTION telecom.last_reset(rule text, activated timestamptz, at timestamptz, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE rule
    WHEN 'monthly' THEN (
      SELECT max(moment) FROM (
        SELECT (activated AT TIME ZONE zone + make_interval(months => month)) AT TIME ZONE zone AS moment
        FROM generate_series(greatest(1, between_months - 1), greatest(1, between_months + 1)) AS month) AS moments
      WHERE moment <= at)
    WHEN 'calendar_month' THEN (
      SELECT max(moment) FROM (
        SELECT (date_trunc('month', at AT TIME ZONE zone) - make_interval(months => month)) AT TIME ZONE zone AS moment
        FROM generate_series(0, 1) AS month) AS moments
      WHERE moment <= at AND moment > activated)
  END
  FROM (
    SELECT ((extract(year FROM at AT TIME ZONE zone) - extract(year FROM activated AT TIME ZONE zone)) * 12
      + extract(month FROM at AT TIME ZONE zone) - extract(month FROM activated AT TIME ZONE zone))::integer AS between_months) AS span
$$;

-- Whether this server knows a time zone: its database of them may be older than ours.
CREATE FUNCTION telecom.knows_time_zone(name text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  PERFORM now() AT TIME ZONE name;
  RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN false;
END
$$;
