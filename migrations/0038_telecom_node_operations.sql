-- How nodes are operated: maintenance, relays, factors by time of day, and servers that fall silent or are given up. Expand only: an
-- older worker bills by the plain factor and lists nodes in maintenance.
ALTER TABLE telecom.node_servers
  ADD COLUMN factor_schedule   jsonb,                        -- FactorSchedule; null: one factor all day
  ADD COLUMN maintenance_since timestamptz,                  -- documents leave its clients out; null: they don't
  ADD COLUMN silent_since      timestamptz,                  -- its last call before it fell silent, as was announced; null: it calls
  ADD COLUMN deleted_at        timestamptz;                  -- the row stays, for the traffic that names it

ALTER TABLE telecom.node_clients
  ADD COLUMN relay             boolean NOT NULL DEFAULT false,   -- another machine forwards to the server
  ADD COLUMN maintenance_since timestamptz;                      -- documents leave it out; null: they don't

-- The minute of the day that it is in `zone`: 0 to 1439. Where the clock is set back, an hour of them comes twice.
CREATE FUNCTION telecom.minute_of_day(at timestamptz, zone text) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT extract(hour FROM at AT TIME ZONE zone)::integer * 60 + extract(minute FROM at AT TIME ZONE zone)::integer
$$;
