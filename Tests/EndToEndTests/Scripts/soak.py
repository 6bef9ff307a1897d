"""Node agents of every kind report for a while over a bad network to servers that come and go: sum in is sum out.

Goes on from business.py until the file STOP exists, which says that all servers run for good. Beside what callers.py and business.py read
from the environment: NODE_ADDRESSES of all servers, comma separated, DATABASE_URL, DEATHS as disturbances.py says, and SEED. Prints what
became of each node's traffic; exits 1 where anything is not as it must be.
"""

import contextlib
import os
import pathlib
import random
import sys
import threading
import time

from agents.agent import Failed
from agents.balance import UNDER_WAY, Balance
from agents.deliveries import Deliveries
from agents.disturbances import Outages, add_deaths
from agents.fault_proxy import FaultProxy
from agents.faults import FIRST_STORIES, Faults
from agents.odd import Odd
from agents.stall import Session, Stalls
from agents.v2bx import V2bX, V2bXDevNew
from agents.v2node import V2node
from agents.xboard_node import XboardNode
from agents.xrayr import XrayR, XrayRFork, XrayRSSPanel
from business import Business
from callers import Refusal, Wrong, equal, expect, wait_for

STOP = pathlib.Path(os.environ["STOP"])
SERVERS = [(host, int(port)) for host, port in (address.split(":") for address in os.environ["NODE_ADDRESSES"].split(","))]

# No run uses it up, so what is billed is a matter of reports alone.
QUOTA = 1 << 55
INTERVAL = 60
# Between two changes of who may use the nodes, in seconds.
CHANGES = (3, 6)
# The ledger is rolled up every ten seconds, and after kills a slot later.
PATIENCE = 90
SHOWN = 20
MOST_UNCERTAIN = 0.25

OWN = {"server_name": "www.example.com"}
TCP = {"transport": {"tcp": {}}}
# Agents, the node type that each sends, and the node's protocol; each twice.
CREW = 2 * [
    (XrayR, "v2ray", {"vmess": TCP}),
    (XrayR, "shadowsocks", {"shadowsocks": {"cipher": "SHADOWSOCKS_CIPHER_AES_256_GCM"}}),
    (XrayRFork, "trojan", {"trojan": TCP | {"tls": OWN}}),
    (XrayRSSPanel, "", {"vmess": TCP}),
    (XboardNode, "vless", {"vless": TCP}),
    (V2bX, "vmess", {"vmess": TCP}),
    (V2bXDevNew, "hysteria2", {"hysteria2": {"tls": OWN}}),
    (V2node, "", {"anytls": {"tls": OWN}}),
    (V2node, "", {"tuic": {"tls": OWN}}),
    (Odd, "vless", {"vless": TCP}),
]


class Soak:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.business = Business.opened()
        self.customers = self.business.customers
        self.subscriptions = {customer.node_user: customer.subscription for customer in self.customers}
        self.deliveries = Deliveries()
        self.stalls = Stalls()
        self.outages = Outages(self.deliveries, self.own_random())
        self.factors = {}
        self.proxies = []
        self.agents = []
        [group] = self.business.admin.call("telecom.NodeAdminService.ListNodeGroups", {}).node_groups
        self.grant(group.id)
        for number, (kind, node_type, protocol) in enumerate(CREW):
            self.add_node(number, group.id, kind, node_type, protocol)

    def own_random(self):
        return random.Random(self.random.getrandbits(64))

    def grant(self, group):
        spec = {"name": "Plenty", "quota_bytes": str(QUOTA), "duration_seconds": str(30 * 86_400), "group_id": group}
        package = self.business.admin.call("telecom.PackageAdminService.CreatePackageSeries", {"spec": spec}, key="plenty").package
        for customer in self.customers:
            grant = {"account_id": customer.account, "series_id": package.series_id, "reason": "soak"}
            self.business.admin.call("telecom.SubscriptionAdminService.GrantPackage", grant, key=f"grant {customer.account}")

    def add_node(self, number, group, kind, node_type, protocol):
        factor = self.random.randint(100, 3_000)
        spec = {
            "name": f"soak {number}", "settings": {"server_port": 19_001 + number} | protocol, "factor_thousandths": factor,
            "push_interval_seconds": INTERVAL, "pull_interval_seconds": INTERVAL,
        }
        created = self.business.admin.call("telecom.NodeAdminService.CreateNodeServer", {"spec": spec}, key=f"soak server {number}")
        node = created.node_server.id
        client = {"server_id": node, "name": f"soak {number}", "host": "soak.example.com", "group_ids": [group]}
        self.business.admin.call("telecom.NodeAdminService.CreateNodeClient", {"spec": client}, key=f"soak client {number}")
        self.factors[node] = factor
        first = FIRST_STORIES[number % len(FIRST_STORIES)] if kind.keeps_unreported else None
        faults = Faults(self.own_random(), first)
        proxy = FaultProxy(node, SERVERS, faults, self.deliveries, self.stalls, self.own_random())
        self.proxies.append(proxy)
        self.agents.append(kind(node, created.token, node_type, proxy.port, self.own_random()))

    def run(self):
        threads = [threading.Thread(target=agent.run) for agent in self.agents]
        threads += [threading.Thread(target=self.change_users), self.outages]
        for thread in threads:
            thread.start()
        while not STOP.exists() and not self.all_failures():
            time.sleep(0.1)
        self.outages.calm.set()
        for agent in self.agents:
            agent.calm.set()
        for proxy in self.proxies:
            proxy.faults.calm()
        # What is on its way arrives.
        for agent in self.agents:
            agent.stopped.set()
        for thread in threads:
            thread.join()
        expect(not self.all_failures(), "\n".join(self.all_failures()[:SHOWN]))
        wait_for("no report is under way", lambda: not any(proxy.under_way or proxy.calls for proxy in self.proxies))
        for agent in self.agents:
            agent.finish()

    def all_failures(self):
        return [failure for part in (self.outages, *self.agents, *self.proxies) for failure in part.failures]

    def change_users(self):
        """Customers change their credential, and one is banned and let in again: nodes get new lists all the time."""
        *others, banned = self.customers
        changes = 0
        while not self.outages.calm.wait(self.random.uniform(*CHANGES)):
            changes += 1
            with contextlib.suppress(Refusal):
                if changes % 3:
                    customer = others[changes % len(others)]
                    customer.call("telecom.SubscriptionService.RotateCredential", {"subscription_id": customer.subscription})
                else:
                    name = "BanAccount" if changes % 2 else "UnbanAccount"
                    self.business.admin.call(f"auth.AccountAdminService.{name}", {"id": banned.account})
        wait_for("the account is let in again", lambda: self.unbanned(banned))

    def unbanned(self, customer):
        try:
            self.business.admin.call("auth.AccountAdminService.UnbanAccount", {"id": customer.account})
        except Refusal:
            return False
        return True

    def check_lists(self):
        """Every agent has the same users with the same credentials in the end, in whatever form it gets them."""

        def lists():
            for agent in self.agents:
                agent.pull()
            return {tuple(sorted(agent.users.items())) for agent in self.agents}

        def agree():
            with contextlib.suppress(Failed):
                return len(found := lists()) == 1 and {user for user, _ in found.pop()} == set(self.subscriptions)

        wait_for("all agents know all users", agree)

    def check_books(self):
        add_deaths(self.deliveries, dict(zip(("node_api", "node_api-2"), SERVERS)))
        with Session() as session:
            wait_for("all reports are merged and rolled up", lambda: session.ask(UNDER_WAY) == ["0|0"], PATIENCE)
            balance = Balance(session, self.deliveries, self.agents, self.subscriptions, self.factors)
        for line in balance.lines:
            print(line)
        print(", ".join(f"{what}: {number}" for what, number in balance.statistics.items()) + f", outages: {self.outages.count}")
        expect(not balance.problems, "\n".join([f"{len(balance.problems)} contradictions", *balance.problems[:SHOWN]]))
        for what in ("charged by difference", "both counted", "rows set aside"):
            expect(balance.statistics[what], f"nothing was {what}")
        # Where two charges are right, the one that was made is taken: that must not be the rule.
        expect(balance.statistics["uncertain"] < balance.statistics["reports"] * MOST_UNCERTAIN, "too many uncertain answers")
        for node, subscription in balance.usage:
            request = {"subscription_id": subscription, "server_id": node}
            hours = self.business.admin.call("telecom.UsageAdminService.ListSubscriptionUsage", request).usage
            fields = ("raw_upload_bytes", "raw_download_bytes", "billed_upload_bytes", "billed_download_bytes")
            listed = tuple(sum(getattr(hour, field) for hour in hours) for field in fields)
            equal(listed, balance.usage[node, subscription], f"the usage of {subscription} on {node} by RPC")
        for subscription in self.subscriptions.values():
            request = {"subscription_id": subscription, "with_ended": True}
            items = self.business.admin.call("telecom.SubscriptionAdminService.ListSubscriptionQueue", request).items
            packages = tuple(sum(getattr(item.usage, field) for item in items) for field in ("upload_bytes", "download_bytes"))
            lines = [numbers[2:] for (_, owner), numbers in balance.usage.items() if owner == subscription]
            equal(packages, tuple(map(sum, zip(*lines))) or (0, 0), f"what the packages of {subscription} are billed")


def main():
    soak = Soak(int(os.environ["SEED"]))
    print("agents start", flush=True)
    soak.run()
    soak.check_lists()
    soak.check_books()
    print("soaked", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
