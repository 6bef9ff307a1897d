"""v2node: like V2bX, with user lists in MessagePack, a configuration of its own, one retry, and no eye for a report's status."""

import json

from agents import msgpack
from agents.agent import expect
from agents.deliveries import compact
from agents.v2bx import UNIPROXY, V2bX


class V2node(V2bX):
    retries = 1
    timeout = 15

    def __init__(self, node, token, node_type, port, random):
        super().__init__(node, token, "v2node", port, random)

    def pull_config(self):
        config = self.tagged("node", self.path("/api/v2/server", "config"))
        if config:
            self.take_config(config)
            fields = json.loads(config.body)
            expect(fields.get("protocol") and fields.get("listen_ip") and isinstance(fields["server_port"], int), f"config: {fields}")

    def pull_users(self):
        users = self.tagged("users", self.path(UNIPROXY, "user"), {"X-Response-Format": "msgpack"})
        if users:
            expect(users.headers["content-type"] == "application/x-msgpack", f"users: {users.headers}")
            self.take_users(msgpack.decode(users.body)["users"])

    def push(self, traffic):
        self.call(self.path(UNIPROXY, "push"), traffic, {"Content-Type": "application/json"})

    def after_push(self):
        self.call(self.path(UNIPROXY, "alive"), compact({str(user): [f"198.51.100.{user % 256}"] for user in self.users if user > 1_000}))
