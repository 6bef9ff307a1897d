-- Reports that agents send again. Expand only: an older worker's reports count as answered.
ALTER TABLE telecom.traffic_reports
  -- Whether the agent had its answer in time. If not it keeps what it reported, and its next report has that and more.
  ADD COLUMN answered          boolean NOT NULL DEFAULT true,
  -- What is charged of a report that has an earlier one in it; null: all of it.
  ADD COLUMN charged_uploads   bigint[],
  ADD COLUMN charged_downloads bigint[],
  -- Known without reading the arrays, which are kept out of line.
  ADD COLUMN entries           integer NOT NULL GENERATED ALWAYS AS (cardinality(users)) STORED,
  ADD CHECK ((charged_uploads IS NULL) = (charged_downloads IS NULL));
CREATE INDEX traffic_reports_latest ON telecom.traffic_reports (node_id, received_at DESC);

-- Room on each page, so that a merge's new totals need no new index entries.
ALTER TABLE telecom.package_queue SET (fillfactor = 80);

-- Which servers a group's packages could use until lately: their last traffic comes in after the change.
CREATE TABLE telecom.past_group_servers (
  group_id   uuid NOT NULL REFERENCES telecom.node_groups (id),
  server_id  integer NOT NULL REFERENCES telecom.node_servers (id),
  removed_at timestamptz NOT NULL,
  PRIMARY KEY (group_id, server_id)
);
CREATE INDEX past_group_servers_removed_at ON telecom.past_group_servers (removed_at);
