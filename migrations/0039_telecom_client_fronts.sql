-- What customers are told of a node client that isn't so at its server. Expand only: an older worker tells them what the server has.
ALTER TABLE telecom.node_clients ADD COLUMN front jsonb;     -- ClientFront; null: nothing else than the server has
