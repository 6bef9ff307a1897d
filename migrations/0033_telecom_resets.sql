-- Packages whose traffic starts anew each month. Expand only: an older worker neither resets nor misreads what is here.
ALTER TABLE telecom.package_queue
  ADD COLUMN resets_at    timestamptz,   -- when the traffic of an active package starts anew; null: never
  ADD COLUMN exhausted_at timestamptz;   -- since when an active package waits for that without traffic; null: it has some

CREATE INDEX package_queue_resets ON telecom.package_queue (resets_at) WHERE status = 'active' AND resets_at IS NOT NULL;

-- The first moment after `after` at which a package that was activated at `activated` starts its traffic anew; null: never.
--   monthly          each month on the day and at the time of its activation, in a shorter month on the last day
--   calendar_month   at the beginning of each month
-- Days and months are those of `zone`. Each moment is counted from the activation, so a short month doesn't move the later ones.
CREATE FUNCTION telecom.next_reset(rule text, activated timestamptz, after timestamptz, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE rule
    WHEN 'monthly' THEN (
      SELECT min(moment) FROM (
        SELECT (activated AT TIME ZONE zone + make_interval(months => month)) AT TIME ZONE zone AS moment
        -- The months around that of `after`: at a change of the clock one of them alone may lie on the wrong side.
        FROM generate_series(greatest(1, between_months - 1), greatest(1, between_months + 1)) AS month) AS moments
      WHERE moment > after)
    WHEN 'calendar_month' THEN (
      SELECT min(moment) FROM (
        SELECT (date_trunc('month', after AT TIME ZONE zone) + make_interval(months => month)) AT TIME ZONE zone AS moment
        FROM generate_series(0, 2) AS month) AS moments
      WHERE moment > after)
  END
  FROM (
    SELECT ((extract(year FROM after AT TIME ZONE zone) - extract(year FROM activated AT TIME ZONE zone)) * 12
      + extract(month FROM after AT TIME ZONE zone) - extract(month FROM activated AT TIME ZONE zone))::integer AS between_months) AS span
$$;
