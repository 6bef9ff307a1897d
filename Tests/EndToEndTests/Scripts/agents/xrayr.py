"""XrayR: it keeps what it could not report and reports it with the rest."""

import json
import urllib.parse

from agents.agent import Agent, Failed, expect
from agents.deliveries import compact

UNIPROXY = "/api/v1/server/UniProxy"


class XrayR(Agent):
    """XrayR with a panel of type NewV2board. Both of its cycles run by its own period; reports of devices are its forks'."""

    period = 60
    keeps_unreported = True

    def pull(self):
        config = self.tagged("node", self.path(UNIPROXY, "config"))
        if config:
            port = json.loads(config.body)["server_port"]
            expect(isinstance(port, int) and port > 0, f"server_port is {port!r}")
        users = self.tagged("users", self.path(UNIPROXY, "user"))
        if users:
            self.take_users(json.loads(users.body)["users"])

    def push(self, traffic):
        answer = self.call(self.path(UNIPROXY, "push"), traffic, {"Content-Type": "application/json"})
        if answer.status > 399:
            raise Failed(f"push: {answer.status}")


class XrayRFork(XrayR):
    """wyx2685's fork, which also reports devices, `{}` where there are none, and asks for those of other nodes."""

    def after_push(self):
        alive = {str(user): [f"198.51.100.{user % 256}_{self.node}"] for user in list(self.users)[:2] if user > 1_000}
        self.call(self.path(UNIPROXY, "alive"), compact(alive))
        listed = self.call(self.path(UNIPROXY, "alivelist"))
        if listed.status < 399:
            expect(isinstance(json.loads(listed.body)["alive"], dict), f"alivelist: {listed.body!r}")


class XrayRSSPanel(XrayR):
    """XrayR with a panel of type SSpanel."""

    def pull(self):
        info = self.tagged("node", self.mod_mu(f"nodes/{self.node}/info"))
        if info:
            data = self.data(info)
            expect(data["version"] >= "2023.2" and isinstance(data["custom_config"]["offset_port_node"], str), f"info: {info.body!r}")
        users = self.tagged("users", self.mod_mu("users"))
        if users:
            self.users = {user["id"]: user["uuid"] for user in self.data(users)}
        rules = self.tagged("rules", self.mod_mu("func/detect_rules"))
        if rules:
            self.data(rules)

    def report(self, counters):
        return compact({"data": [{"user_id": user, "u": moved[0], "d": moved[1]} for user, moved in counters.items()]})

    def push(self, traffic):
        self.data(self.call(self.mod_mu("users/traffic"), traffic, {"Content-Type": "application/json"}))

    def after_push(self):
        data = [{"user_id": user, "ip": f"198.51.100.{user % 256}"} for user in self.users]
        self.data(self.call(self.mod_mu("users/aliveip"), compact({"data": data})))

    def mod_mu(self, path):
        """It sends its key twice, and no node where the path names it or nobody asks."""
        query = {"key": self.token, "muKey": self.token}
        if path.startswith("users"):
            query |= {"node_id": self.node}
        return f"/mod_mu/{path}?{urllib.parse.urlencode(query)}"

    @staticmethod
    def data(answer):
        if answer.status > 400:
            raise Failed(f"{answer.status}")
        document = json.loads(answer.body)
        if document["ret"] != 1:
            raise Failed(f"{document}")
        return document.get("data")
