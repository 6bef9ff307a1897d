"""V2bX: its counters begin anew when they are read, so what could not be reported is lost."""

import hashlib
import json

from agents.agent import Agent, Failed, expect
from agents.deliveries import compact

UNIPROXY = "/api/v1/server/UniProxy"


class V2bX(Agent):
    """wyx2685's V2bX."""

    reports_devices = True
    config_digest = None

    def pull(self):
        self.pull_config()
        self.pull_users()
        if self.reports_devices:
            self.pull_devices()

    def pull_config(self):
        config = self.tagged("node", self.path(UNIPROXY, "config"))
        if config:
            self.take_config(config)

    def take_config(self, config):
        """A body that is the same is no change whatever its tag; a change restarts the node, so there must be none here."""
        digest = hashlib.sha256(config.body).digest()
        expect(self.config_digest in (None, digest), f"the config of an unchanged node has changed: {config.body!r}")
        self.config_digest = digest
        intervals = json.loads(config.body)["base_config"]
        self.push_interval, self.pull_interval = (int(intervals[name]) for name in ("push_interval", "pull_interval"))
        expect(self.push_interval > 0 and self.pull_interval > 0, f"intervals without a pause: {intervals}")

    def pull_users(self):
        users = self.tagged("users", self.path(UNIPROXY, "user"))
        if users:
            self.take_users(json.loads(users.body)["users"])

    def pull_devices(self):
        listed = self.call(self.path(UNIPROXY, "alivelist"))
        if listed.status < 399:
            expect(isinstance(json.loads(listed.body)["alive"], dict), f"alivelist: {listed.body!r}")

    def push(self, traffic):
        answer = self.call(self.path(UNIPROXY, "push"), traffic, {"Content-Type": "application/json"})
        if answer.status >= 400:
            raise Failed(f"push: {answer.status}")

    def after_push(self):
        if self.reports_devices:
            alive = {str(user): [f"198.51.100.{user % 256}"] for user in self.users if user > 1_000}
            self.call(self.path(UNIPROXY, "alive"), compact(alive))


class V2bXDevNew(V2bX):
    """InazumaV's dev_new, which knows nothing of devices."""

    reports_devices = False
