"""Web pages through proxies: servers set up from the node API alone, clients set up by the subscription link alone, and the bill for it.

Beside what callers.py reads from the environment, INVITATION is an operator's, and TOOLS the folder with sing-box and mihomo. Each kind of
node has a group, a customer and an agent of its own. Prints each step. Exits 1 if anything is wrong, after all kinds were tried.
"""

import concurrent.futures
import contextlib
import dataclasses
import os
import pathlib
import sys
import tempfile
import traceback
import urllib.parse

from callers import GRPC, SUBSCRIBE, Caller, Client, Node, Refusal, Wrong, equal, expect, http, registered, step, wait_for
from proxy_agent import agent
from proxy_clients import USER_AGENTS, client
from proxy_programs import LOOPBACK, fetched, free_port, page_server, self_signed, tls_server

# Both the documents' rules and the programs send loopback addresses, and the name localhost, around any proxy. So the page has a name that
# only the nodes' machines know, and there it means loopback: a client that reaches the page reached it through its node.
PAGE_HOST = "page.test"
PAGE_BYTES = 300_000
SITE = "site.test"
REALITY_SITE = "www.example.com"
CLIENT_PROGRAMS = tuple(USER_AGENTS)
QUOTA = 1 << 30
# The ledger is rolled up each ten seconds, and later on a busy machine.
LEDGER_DELAY = 60
# Two cores of a busy machine start no more programs at once in good time.
WORKERS = 4


@dataclasses.dataclass(frozen=True)
class Case:
    """A node to carry pages through."""

    name: str
    node_type: str
    settings: dict
    factor_thousandths: int
    programs: tuple = CLIENT_PROGRAMS
    # Whether clients trust the node's certificate instead of any.
    is_trusted: bool = False
    # Whether clients change ports. The one that the node listens on is all there are, since only root may redirect others to it.
    hops: bool = False


def cases(certificate, key, site_port):
    """All nodes, by the certificate files of one of them and the port of the site whose handshakes REALITY borrows."""
    # A certificate that the agent makes itself, which clients are told to take.
    own = {"server_name": SITE, "certificate": {"self_signed": {}}, "allow_insecure": True}
    # One whose files are on the node's machine, which clients check.
    checked = {"server_name": SITE, "certificate": {"file": {"certificate_file": str(certificate), "key_file": str(key)}}}
    web_socket = {"ws": {"path": "/news", "host": SITE}}
    reality = {"server_name": REALITY_SITE, "dest": LOOPBACK, "dest_port": site_port}
    return [
        Case("shadowsocks 2022 aes 256", "shadowsocks", {"cipher": "SHADOWSOCKS_CIPHER_BLAKE3_AES_256_GCM"}, 1_000),
        Case("shadowsocks 2022 aes 128", "shadowsocks", {"cipher": "SHADOWSOCKS_CIPHER_BLAKE3_AES_128_GCM"}, 500),
        Case("vmess, websocket", "vmess", {"transport": web_socket}, 1_500),
        Case("vmess, websocket, tls", "vmess", {"transport": web_socket, "tls": own}, 2_000),
        # sing-box from PyPI is built without uTLS, which clients of REALITY need.
        Case(
            "vless, vision, reality", "vless",
            {"flow": "VLESS_FLOW_XTLS_RPRX_VISION", "transport": {"tcp": {}}, "reality": reality}, 1_234, programs=("mihomo",)),
        Case(
            "vless, vision, tls", "vless", {"flow": "VLESS_FLOW_XTLS_RPRX_VISION", "transport": {"tcp": {}}, "tls": own}, 1_000),
        Case("vless, httpupgrade, tls", "vless", {"transport": {"httpupgrade": {"path": "/news", "host": SITE}}, "tls": own}, 1_000),
        Case("trojan", "trojan", {"tls": checked}, 3_000, is_trusted=True),
        Case("trojan, grpc", "trojan", {"transport": {"grpc": {"service_name": "news"}}, "tls": own}, 100),
        Case("hysteria2, salamander", "hysteria2", {"tls": own, "obfs_password": "s3cret-enough"}, 333),
        Case("hysteria2, port hopping", "hysteria2", {"tls": own}, 1_000, hops=True),
        Case("tuic", "tuic", {"tls": own}, 1_001),
        Case("anytls", "anytls", {"tls": checked}, 10_000, is_trusted=True),
        Case(
            "shadowsocks, obfs", "shadowsocks",
            {"cipher": "SHADOWSOCKS_CIPHER_AES_256_GCM", "plugin": {"obfs": {"mode": "OBFS_MODE_HTTP", "host": SITE}}}, 1_000),
        Case("socks", "socks", {}, 1_000),
        Case("http", "http", {}, 1_000),
        Case("http, tls", "http", {"tls": checked}, 1_000, is_trusted=True),
        # Only mihomo knows the next two.
        Case(
            "vless, xhttp, tls", "vless", {"transport": {"xhttp": {"path": "/news", "host": SITE}}, "tls": own}, 1_000,
            programs=("mihomo",)),
        Case("mieru", "mieru", {}, 1_000, programs=("mihomo",)),
    ]


class Operator:
    """Makes nodes, customers who may use one of them each, and reads the ledger."""

    def __init__(self):
        self.client = Client(GRPC)
        key = self.client.call(
            "manage.AdminAuthService.RegisterAdmin", {"invitation_token": os.environ["INVITATION"], "name": "root"}).api_key
        token = self.client.call("manage.AdminAuthService.AdminLogin", {"api_key": key}).access_token
        self.admin = Caller(self.client, "x-admin-authorization", token)

    def node(self, case, port):
        """The node's agent-to-be, and the group whose packages may use it."""
        group = self.admin.call("telecom.NodeAdminService.CreateNodeGroup", {"name": case.name}, key=f"group {case.name}").node_group.id
        settings = case.settings | ({"port_hopping": {"first": port, "last": port}} if case.hops else {})
        spec = {
            "name": case.name, "settings": {"listen_ip": LOOPBACK, "server_port": port, case.node_type: settings},
            "factor_thousandths": case.factor_thousandths,
        }
        created = self.admin.call("telecom.NodeAdminService.CreateNodeServer", {"spec": spec}, key=f"server {case.name}")
        client_spec = {"server_id": created.node_server.id, "name": case.name, "host": LOOPBACK, "group_ids": [group]}
        self.admin.call("telecom.NodeAdminService.CreateNodeClient", {"spec": client_spec}, key=f"client {case.name}")
        return Node(created.node_server.id, created.token, case.node_type), group

    def subscription(self, case, group):
        """The subscription of a new customer with a package of the group."""
        address = "".join(letter for letter in case.name if letter.isalnum()) + "@example.com"
        tokens = registered(self.client, address)
        spec = {"name": case.name, "quota_bytes": str(QUOTA), "duration_seconds": str(30 * 86_400), "group_id": group}
        package = self.admin.call("telecom.PackageAdminService.CreatePackageSeries", {"spec": spec}, key=f"package {case.name}").package
        grant = {"account_id": tokens.account_id, "series_id": package.series_id, "reason": "to try it"}
        customer = Caller(self.client, "authorization", f"Bearer {tokens.access_token}")
        wait_for("the account has its subscription", lambda: customer.call("telecom.SubscriptionService.ListSubscriptions").subscriptions)
        self.admin.call("telecom.SubscriptionAdminService.GrantPackage", grant, key=f"grant {case.name}")
        [subscription] = customer.call("telecom.SubscriptionService.ListSubscriptions").subscriptions
        expect(subscription.active_package.item_id, "the granted package is not active")
        # The link's host is what the operator's settings say; the path is what counts here.
        return subscription, f"http://{SUBSCRIBE}{urllib.parse.urlsplit(subscription.links[0].url).path}"

    def usage(self, subscription, node):
        """What the ledger has of a subscription on a node, raw and billed; None while it has nothing."""
        request = {"subscription_id": subscription.id, "server_id": node.query["node_id"]}
        hours = self.admin.call("telecom.UsageAdminService.ListSubscriptionUsage", request).usage
        fields = ("raw_upload_bytes", "raw_download_bytes", "billed_upload_bytes", "billed_download_bytes")
        return tuple(sum(getattr(hour, field) for hour in hours) for field in fields) if hours else None


def userinfo(link):
    fields = (field.split("=", 1) for field in http(link).headers["subscription-userinfo"].split("; "))
    numbers = {name: int(value) for name, value in fields}
    return numbers["upload"], numbers["download"]


def carry(operator, case, folder, page, page_port, certificate):
    """Carries the page through one node to each client program, and bills it. Returns a check of the ledger, which lags behind."""
    folder.mkdir()
    node, group = operator.node(case, free_port())
    subscription, link = operator.subscription(case, group)
    with agent(node, folder / "agent", {PAGE_HOST: LOOPBACK}) as server:
        equal(list(server.users), [subscription.node_user_id], f"the users of the node with {case.name}")
        for program in case.programs:
            with client(program, link, folder / program, certificate if case.is_trusted else None) as (running, port):
                try:
                    found = fetched(f"http://{PAGE_HOST}:{page_port}/", port)
                except (OSError, Wrong) as error:
                    logs = f"client: {running.last_words}\nserver: {server.program.last_words}"
                    raise Wrong(f"{program} got no page: {error}\n{logs}") from None
                expect(found == page, f"{program} got another page of {len(found)} bytes")
        reported = server.report()
    expect(reported[0] > 0 and reported[1] >= len(page) * len(case.programs), f"the server counted only {reported}")

    # Half a byte is rounded up.
    billed = tuple((count * case.factor_thousandths + 500) // 1_000 for count in reported)
    wait_for(f"the usage with the link is {billed}", lambda: userinfo(link) == billed)
    step(f"{case.name}: {', '.join(case.programs)} got the page, and {reported[0]} and {reported[1]} bytes were billed")

    def is_in_ledger():
        entry = operator.usage(subscription, node)
        expect(entry in (None, reported + billed), f"the ledger has {entry} instead of {reported + billed}")
        return entry

    return is_in_ledger


def main():
    page = os.urandom(PAGE_BYTES)
    failures = []
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        page_port = stack.enter_context(page_server(page)).port
        site_port = stack.enter_context(tls_server(*self_signed(folder, REALITY_SITE))).port
        certificate, key = self_signed(folder, SITE)
        operator = Operator()
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            carried = {
                pool.submit(carry, operator, case, folder / str(number), page, page_port, certificate): case
                for number, case in enumerate(cases(certificate, key, site_port))
            }
            concurrent.futures.wait(carried)
        for future, case in carried.items():
            try:
                wait_for("the traffic is in the ledger", future.result(), LEDGER_DELAY)
            except Exception as error:
                failures.append(case)
                reason = str(error) if isinstance(error, (Wrong, Refusal)) else "".join(traceback.format_exception(error))
                print(f"wrong: {case.name}: {reason}", file=sys.stderr, flush=True)
    if failures:
        return 1
    step("all of it is in the ledger, as it was and as it was billed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
