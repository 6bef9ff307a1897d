"""Xboard-Node without its WebSocket: credentials in the bodies of its POSTs, traffic and status in one report, kept until it gets 200."""

import json

from agents.agent import Agent, Failed, expect
from agents.deliveries import compact

V2 = "/api/v2/server"
GIB = 1 << 30


class XboardNode(Agent):
    retries = 0
    timeout = 15
    keeps_unreported = True

    @property
    def credentials(self):
        return {"token": self.token, "node_id": self.node}

    def start(self):
        shaken = self.call(f"{V2}/handshake", compact(self.credentials), {"Content-Type": "application/json"})
        if shaken.status != 200:
            raise Failed(f"handshake: {shaken.status}")
        document = json.loads(shaken.body)
        expect("websocket" in document and "settings" in document, f"handshake: {document}")
        self.pull()

    def pull(self):
        config = self.tagged("node", self.path("/api/v1/server/UniProxy", "config"))
        if config:
            fields = json.loads(config.body)
            expect(fields.get("protocol"), f"config: {fields}")
            self.push_interval, self.pull_interval = (int(fields["base_config"][name]) for name in ("push_interval", "pull_interval"))
        users = self.tagged("users", self.path("/api/v1/server/UniProxy", "user"))
        if users:
            self.take_users(json.loads(users.body)["users"])

    def push(self, traffic):
        half = {"total": 4 * GIB, "used": 2 * GIB}
        body = self.credentials | {
            "traffic": json.loads(traffic),
            "alive": {str(user): [f"198.51.100.{user % 256}"] for user in self.users if user > 1_000},
            "online": {str(user): 1 for user in self.users},
            "status": {"cpu": self.random.uniform(0, 100), "mem": half, "swap": half, "disk": half, "kernel_status": "running"},
            "metrics": {"uptime": 1, "cpu_per_core": [1.5]},
        }
        answer = self.call(f"{V2}/report", compact(body), {"Content-Type": "application/json"})
        if answer.status != 200:
            raise Failed(f"report: {answer.status}")
