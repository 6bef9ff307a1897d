-- Which users' traffic met which of a node's rules, as agents report it. A new table only.
CREATE TABLE telecom.rule_hits (
  id              bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
  subscription_id uuid NOT NULL REFERENCES telecom.subscriptions (id),
  day             date NOT NULL,                             -- of UTC
  node_id         integer NOT NULL REFERENCES telecom.node_servers (id),
  rule_id         integer NOT NULL,                          -- a route of the node
  hits            bigint NOT NULL,
  first_hit_at    timestamptz NOT NULL,
  last_hit_at     timestamptz NOT NULL,
  PRIMARY KEY (subscription_id, day, node_id, rule_id)
);
CREATE INDEX rule_hits_day ON telecom.rule_hits (day);
CREATE INDEX rule_hits_node_id ON telecom.rule_hits (node_id, id);
