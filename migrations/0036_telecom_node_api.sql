-- What node agents are told beyond their inbound, and what they report beyond numbers. Expand only: an older worker tells agents no routes.
ALTER TABLE telecom.node_servers
  ADD COLUMN routes jsonb NOT NULL DEFAULT '[]';             -- a list of NodeRoute

-- Rows of reports that are no user with two numbers, or name a user twice. Users and bytes are 0 where the row says none that fit.
ALTER TABLE telecom.traffic_set_aside
  ADD COLUMN entry text NOT NULL DEFAULT '',                 -- such a row as it was reported, cut off; empty for the others
  DROP CONSTRAINT traffic_set_aside_reason_check,
  ADD CONSTRAINT traffic_set_aside_reason_check
    CHECK (reason IN ('unknown_user', 'not_eligible', 'absurd', 'nothing_active', 'malformed', 'duplicate'));
