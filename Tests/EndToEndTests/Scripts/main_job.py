"""The main job, from an operator's invitation to billed traffic, as callers outside see it.

gRPC goes through server reflection alone, so it also proves that reflection describes what the server does. Addresses come from the
environment: GRPC_ADDRESS, SUBSCRIBE_ADDRESS and NODE_ADDRESS as host:port, MAIL_DIRECTORY of the mail sink, INVITATION of an operator.
Prints each step; the last line of a good run is "main job done". Exits 1 at the first thing that is wrong.
"""

import base64
import email
import email.policy
import json
import os
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2, status_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

GRPC, SUBSCRIBE, NODE = (os.environ[f"{name}_ADDRESS"] for name in ("GRPC", "SUBSCRIBE", "NODE"))
MAIL = pathlib.Path(os.environ["MAIL_DIRECTORY"])

# Long enough for a machine that builds beside the test; nothing waits this long when all is well.
PATIENCE = 30
# The contract: usage shows this soon after a report.
USAGE_DELAY = 5
GIB = 1 << 30
QUOTA = GIB
FACTOR = 1.5


class Wrong(Exception):
    """The server did something that it must not."""


def step(text):
    print(f"- {text}", flush=True)


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def equal(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r} instead of {wanted!r}")


def wait_for(what, probe, seconds=PATIENCE):
    """The first true answer of `probe`."""
    end = time.monotonic() + seconds
    while True:
        if answer := probe():
            return answer
        expect(time.monotonic() < end, f"not within {seconds} s: {what}")
        time.sleep(0.1)


class Refusal(Exception):
    """A call that was answered with an error: its code, and the details that programs read."""

    def __init__(self, method, error):
        self.code = error.code()
        self.reason = None
        self.domain = None
        self.fields = []
        details = [value for key, value in error.trailing_metadata() or () if key == "grpc-status-details-bin"]
        for detail in status_pb2.Status.FromString(details[0]).details if details else ():
            info, request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
            if detail.Unpack(info):
                self.reason, self.domain = info.reason, info.domain
            elif detail.Unpack(request):
                self.fields = [violation.field for violation in request.field_violations]
        super().__init__(f"{method}: {self.code.name} {self.reason} {self.fields} {error.details()}")


class Client:
    """Calls methods by name, with messages that reflection describes."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        self.reflection = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = descriptor_pool.DescriptorPool(self.reflection)

    def call(self, method, request=None, metadata=()):
        """The answer of `<module>.<Service>.<Method>`; int64 fields are ints in it."""
        module, service, name = method.split(".")
        descriptor = self.pool.FindServiceByName(f"helium.{module}.v1.{service}").FindMethodByName(name)
        message = message_factory.GetMessageClass(descriptor.input_type)()
        json_format.ParseDict(request or {}, message, descriptor_pool=self.pool)
        remote = self.channel.unary_unary(
            f"/helium.{module}.v1.{service}/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(descriptor.output_type).FromString)
        try:
            return remote(message, timeout=PATIENCE, metadata=tuple(metadata))
        except grpc.RpcError as error:
            raise Refusal(method, error) from None

    def refused(self, method, request=None, metadata=()):
        try:
            answer = self.call(method, request, metadata)
        except Refusal as refusal:
            equal(refusal.domain, "helium", f"the domain of the ErrorInfo of {refusal}")
            expect(re.fullmatch(r"[A-Z][A-Z0-9_]*", refusal.reason or ""), f"no reason in {refusal}")
            return refusal
        raise Wrong(f"{method} answered {answer} instead of an error")


class Caller:
    """A client with somebody's token."""

    def __init__(self, client, header, token):
        self.client = client
        self.metadata = ((header, token),)

    def call(self, method, request=None, key=None):
        return self.client.call(method, request, self.metadata + self.idempotency(key))

    def refused(self, method, request=None, key=None):
        return self.client.refused(method, request, self.metadata + self.idempotency(key))

    @staticmethod
    def idempotency(key):
        return (("idempotency-key", key),) if key else ()


class Answer:
    """An HTTP answer, whatever its status; header names are in lower case."""

    def __init__(self, answer):
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.headers.items()}
        self.body = answer.read()

    @property
    def json(self):
        return json.loads(self.body)


def http(url, headers=None, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"User-Agent": "main-job"} | (headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return Answer(answer)
    except urllib.error.HTTPError as error:
        return Answer(error)


class Node:
    """A node agent, as far as the panel sees it."""

    def __init__(self, server_id, token, node_type):
        self.query = {"node_id": server_id, "token": token, "node_type": node_type}

    def ask(self, action, headers=None, body=None, **changes):
        query = urllib.parse.urlencode(self.query | changes)
        return http(f"http://{NODE}/api/v1/server/UniProxy/{action}?{query}", headers, body)

    def users(self):
        answer = self.ask("user")
        equal(answer.status, 200, "the status of the user list")
        return {user["id"]: user for user in answer.json["users"]}

    def push(self, body):
        answer = self.ask("push", body=body)
        equal((answer.status, answer.json), (200, {"data": True}), "the answer to a report")


def operator_logs_in(client):
    registered = client.call("manage.AdminAuthService.RegisterAdmin", {"invitation_token": os.environ["INVITATION"], "name": "root"})
    login = client.call("manage.AdminAuthService.AdminLogin", {"api_key": registered.api_key})
    refusal = client.refused("manage.AdminAuthService.RegisterAdmin", {"invitation_token": os.environ["INVITATION"], "name": "again"})
    expect(refusal.code != grpc.StatusCode.INTERNAL, f"a used invitation: {refusal}")
    step("an operator registers by the invitation, which works once, and logs in")
    return Caller(client, "x-admin-authorization", login.access_token)


def usd(cents):
    return {"currency_code": "USD", "minor_units": str(cents)}


def operator_sets_up(admin):
    group = admin.call("telecom.NodeAdminService.CreateNodeGroup", {"name": "everywhere"}, key="group").node_group
    protocols = {
        "shadowsocks": {"shadowsocks": {"cipher": "SHADOWSOCKS_CIPHER_BLAKE3_AES_256_GCM"}},
        "vless": {
            "vless": {
                "flow": "VLESS_FLOW_XTLS_RPRX_VISION",
                "transport": {"tcp": {}},
                "reality": {"server_name": "www.example.com", "fingerprint": "CLIENT_FINGERPRINT_CHROME"},
            }
        },
    }
    nodes = {}
    for port, (name, protocol) in enumerate(protocols.items(), start=18_001):
        spec = {
            "name": f"{name} server",
            "settings": {"server_port": port} | protocol,
            "factor_thousandths": int(FACTOR * 1000) if name == "shadowsocks" else 1000,
            "enabled": True,
        }
        created = admin.call("telecom.NodeAdminService.CreateNodeServer", {"spec": spec}, key=f"server {name}")
        expect(created.token, f"no token with the {name} server")
        nodes[name] = Node(created.node_server.id, created.token, name)
        client_spec = {
            "server_id": created.node_server.id, "name": f"{name} one", "host": f"{name}.example.com", "port": port, "region": "DE",
            "enabled": True, "group_ids": [group.id],
        }
        admin.call("telecom.NodeAdminService.CreateNodeClient", {"spec": client_spec}, key=f"client {name}")
    answered = admin.call("telecom.NodeAdminService.GetNodeServer", {"id": nodes["vless"].query["node_id"]})
    reality = answered.node_server.spec.settings.vless.reality
    expect(reality.public_key and reality.short_id, "the REALITY server has no key of its own")
    equal(reality.private_key, "", "the private key in an answer")
    step("the operator makes a node group, a Shadowsocks-2022 and a VLESS+REALITY server, and a client of each")

    spec = {"name": "1 GiB a month", "quota_bytes": str(QUOTA), "duration_seconds": str(30 * 86_400), "group_id": group.id}
    package = admin.call("telecom.PackageAdminService.CreatePackageSeries", {"spec": spec}, key="package").package
    terms = {
        "title": "Two months", "description": "One after the other", "price": usd(900),
        "packages": [{"series_id": package.series_id, "amount": 2}], "on_sale": True,
    }
    product = admin.call("shop.ProductAdminService.CreateProduct", {"terms": terms}, key="product").product
    cards = admin.call("shop.GiftCardAdminService.CreateGiftCards", {"count": 2, "value": usd(500)}, key="cards").codes
    equal(len(cards), 2, "the number of gift cards")
    step("and a package, a product that has it twice, and gift cards")
    return nodes, product, list(cards)


def mailed_code(address):
    """The code of the mail to `address`."""

    def read():
        for path in sorted(MAIL.glob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if mail["X-Envelope-To"] == address:
                return re.search(r"\b\d{6}\b", mail.get_body(("plain",)).get_content())
        return None

    return wait_for(f"a mail to {address}", read).group()


def customer_registers(client, address="ann@example.com", password="correct horse battery"):
    client.call("auth.AuthService.SendRegistrationCode", {"email": address, "language": "en"})
    code = mailed_code(address)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    client.refused("auth.AuthService.Register", {"email": address, "code": wrong, "password": password})
    client.call("auth.AuthService.Register", {"email": address, "code": code, "password": password})
    refusal = client.refused("auth.AuthService.LogIn", {"email": address, "password": "wrong horse battery"})
    equal(refusal.code, grpc.StatusCode.UNAUTHENTICATED, "the code for a wrong password")
    tokens = client.call("auth.AuthService.LogIn", {"email": address, "password": password}).tokens
    refreshed = client.call("auth.AuthService.RefreshSession", {"refresh_token": tokens.refresh_token}).tokens
    equal(refreshed.account_id, tokens.account_id, "the account of the refreshed session")
    step("a customer registers by the mailed code, logs in and refreshes the session")
    return Caller(client, "authorization", f"Bearer {refreshed.access_token}"), refreshed.account_id


def errors_are_for_programs(client, admin, customer):
    equal(client.refused("shop.WalletService.GetWallet").code, grpc.StatusCode.UNAUTHENTICATED, "the code without a token")
    equal(
        client.refused("shop.WalletService.GetWallet", metadata=(("authorization", "Bearer nonsense"),)).code,
        grpc.StatusCode.UNAUTHENTICATED, "the code for a token that is none")
    refused = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
    expect(customer.refused("shop.OrderAdminService.ListAllOrders").code in refused, "a customer's token opens an operator's call")
    token = customer.metadata[0][1]
    expect(
        client.refused("shop.OrderAdminService.ListAllOrders", metadata=(("x-admin-authorization", token),)).code in refused,
        "a customer's token opens an operator's call as x-admin-authorization")
    refusal = admin.refused("telecom.NodeAdminService.CreateNodeGroup", {"name": ""}, key=str(uuid.uuid4()))
    equal((refusal.code, refusal.reason), (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT"), "the answer to an empty name")
    equal(refusal.fields, ["name"], "the fields of BadRequest")
    refusal = customer.refused("shop.OrderService.GetOrder", {"id": str(uuid.uuid4())})
    equal(refusal.code, grpc.StatusCode.NOT_FOUND, "the code for an order that there isn't")
    step("errors carry ErrorInfo and BadRequest; calls without the right token are refused")


def status_of(order):
    return order.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[order.status].name


def customer_buys(admin, customer, account, product, cards):
    listed = customer.call("shop.ProductService.ListProducts").products
    equal([item.id for item in listed], [product.id], "the products on sale")
    order = customer.call("shop.OrderService.CreateOrder", {"product_id": product.id}, key="order").order
    again = customer.call("shop.OrderService.CreateOrder", {"product_id": product.id}, key="order").order
    equal(again.id, order.id, "the order of the same idempotency key")
    equal(status_of(order), "ORDER_STATUS_UNPAID", "the state of a new order")
    refusal = customer.refused("shop.OrderService.PayOrder", {"id": order.id}, key="too early")
    equal(refusal.code, grpc.StatusCode.FAILED_PRECONDITION, "the code for paying from an empty wallet")

    balance = customer.call("shop.GiftCardService.RedeemGiftCard", {"code": cards[0]}, key="card").balance
    equal((balance.currency_code, balance.minor_units), ("USD", 500), "the balance after the gift card")
    customer.refused("shop.GiftCardService.RedeemGiftCard", {"code": cards[0]}, key="card again")
    deposit = {"account_id": account, "amount": usd(1000), "reason": "paid in cash"}
    balance = admin.call("shop.WalletAdminService.DepositToWallet", deposit, key="deposit").balance
    again = admin.call("shop.WalletAdminService.DepositToWallet", deposit, key="deposit").balance
    equal((balance.minor_units, again.minor_units), (1500, 1500), "the balance after a deposit that is sent twice")
    step("the wallet is filled by a gift card and a deposit, each once")

    paid = customer.call("shop.OrderService.PayOrder", {"id": order.id}, key="pay").order
    again = customer.call("shop.OrderService.PayOrder", {"id": order.id}, key="pay").order
    equal(again.id, paid.id, "the order that was paid twice with one key")
    wallet = customer.call("shop.WalletService.GetWallet").wallet
    equal(wallet.available.minor_units, 600, "the balance after paying")
    entries = customer.call("shop.WalletService.ListWalletEntries").entries
    equal(sorted(entry.amount.minor_units for entry in entries), [-900, 500, 1000], "the wallet's entries")

    def delivered():
        found = customer.call("shop.OrderService.GetOrder", {"id": order.id}).order
        return status_of(found) == "ORDER_STATUS_DELIVERED" and found

    order = wait_for("the order is delivered", delivered)
    step("the order is paid once and delivered")

    other = customer.call("shop.OrderService.CreateOrder", {"product_id": product.id}, key="other order").order
    cancelled = customer.call("shop.OrderService.CancelOrder", {"id": other.id}).order
    equal(status_of(cancelled), "ORDER_STATUS_CANCELLED", "the state of a cancelled order")
    customer.refused("shop.OrderService.PayOrder", {"id": other.id}, key="pay cancelled")
    orders = admin.call("shop.OrderAdminService.ListAllOrders", {"account_id": account}).orders
    equal({item.id for item in orders}, {order.id, other.id}, "the orders that the operator sees")
    step("an unpaid order can be cancelled, and the operator sees both")


def userinfo(answer):
    fields = (field.split("=", 1) for field in answer.headers["subscription-userinfo"].split("; "))
    return {name: int(value) for name, value in fields}


def decoded(name, body):
    """What a document says in one string, after a look at its form."""
    if name == "v2ray":
        return base64.b64decode(body, validate=True).decode()
    text = body.decode()
    if name == "sing-box":
        types = {outbound["type"] for outbound in json.loads(text)["outbounds"]}
        expect({"shadowsocks", "vless"} <= types, f"the outbounds of sing-box: {types}")
    else:
        expect(re.search(r"^proxies:", text, re.MULTILINE), "a mihomo document without proxies")
    return text


def client_fetches(link):
    agents = {"v2ray": "v2rayN/7.0", "mihomo": "mihomo/1.19.0", "sing-box": "SFA/1.12.0 (sing-box 1.12.0)"}
    for name, agent in agents.items():
        by_name = http(f"{link}?format={name}")
        by_agent = http(link, {"User-Agent": agent})
        for answer in (by_name, by_agent):
            equal(answer.status, 200, f"the status of the {name} document")
            text = decoded(name, answer.body)
            for host in ("shadowsocks.example.com", "vless.example.com"):
                expect(host in text, f"{host} is missing in the {name} document")
            info = userinfo(answer)
            equal((info["upload"], info["download"], info["total"]), (0, 0, QUOTA), f"the usage with the {name} document")
            expect(info["expire"] > time.time(), "the package has expired at once")
            for header in ("profile-title", "profile-update-interval", "content-disposition", "etag", "content-type"):
                expect(answer.headers.get(header), f"no {header} with the {name} document")
        equal(by_agent.headers["content-type"], by_name.headers["content-type"], f"the type of the {name} document")
        unchanged = http(link, {"User-Agent": agent, "If-None-Match": by_agent.headers["etag"]})
        equal((unchanged.status, unchanged.body), (304, b""), f"the second answer with the {name} document's tag")
        expect("subscription-userinfo" in unchanged.headers, "304 without subscription-userinfo")
    equal(http(f"http://{SUBSCRIBE}/subscribe/{'x' * 32}").status, 404, "the status of a link that there isn't")
    step("the link answers share links, mihomo and sing-box documents, with headers, tags and 304")


def agents_ask(nodes, user_id):
    for name, node in nodes.items():
        config = node.ask("config")
        equal(config.status, 200, f"the status of the {name} config")
        expect(config.json["base_config"]["pull_interval"] > 0, "no pull interval")
        expect(isinstance(config.json["server_port"], int), "server_port is not a number")
        if name == "shadowsocks":
            equal(config.json["cipher"], "2022-blake3-aes-256-gcm", "the cipher")
            equal(len(base64.b64decode(config.json["server_key"])), 32, "the length of the server key")
        else:
            equal(config.json["tls"], 2, "the security of the VLESS server")
            expect(config.json["tls_settings"]["private_key"], "no REALITY key for the agent")
        users = node.ask("user")
        listed = users.json["users"]
        equal([user["id"] for user in listed], [user_id], f"the users of the {name} server")
        uuid.UUID(listed[0]["uuid"])
        for action, answer in (("config", config), ("user", users)):
            unchanged = node.ask(action, {"If-None-Match": answer.headers["etag"]})
            equal((unchanged.status, unchanged.body), (304, b""), f"the second {action} with its tag")
    node = nodes["shadowsocks"]
    for changes in ({"token": "wrong"}, {"node_id": 999_999}, {"node_type": "vmess"}, {"token": ""}):
        for action in ("config", "user", "push"):
            answer = node.ask(action, body={} if action == "push" else None, **changes)
            expect(400 <= answer.status < 500, f"{action} with {changes}: {answer.status}")
            expect(answer.json["message"] and "etag" not in answer.headers, f"{action} with {changes}: {answer.body}")
    step("agents get config and users, 304 by tag, and 4xx with JSON for wrong credentials")


def traffic_counts(customer, subscription, link, node, user_id):
    upload, download = 1_000_001, 2_000_000
    # Half a byte is rounded up.
    wanted = (int(upload * FACTOR + 0.5), int(download * FACTOR + 0.5))
    report = {str(user_id): [upload, download]}
    node.push(report)
    node.push(report)

    def by_rpc():
        usage = customer.call("telecom.SubscriptionService.GetUsage", {"subscription_id": subscription}).active_package.usage
        return (usage.upload_bytes, usage.download_bytes) == wanted

    def by_header():
        info = userinfo(http(link))
        return (info["upload"], info["download"]) == wanted

    end = time.monotonic() + USAGE_DELAY
    wait_for(f"the usage by RPC is {wanted}", by_rpc, end - time.monotonic())
    wait_for(f"the usage in the header is {wanted}", by_header, end - time.monotonic())
    # Long enough for a second count of the report, if there were one.
    time.sleep(2)
    expect(by_rpc() and by_header(), "the second sending of one report counted too")
    step("a report that is sent twice counts once, by the server's factor, in the RPC and the header")


def queue_moves(customer, subscription, node, user_id):
    def usage():
        return customer.call("telecom.SubscriptionService.GetUsage", {"subscription_id": subscription})

    first = usage()
    equal(first.waiting_packages, 1, "the packages that wait")
    node.push({str(user_id): [0, QUOTA]})
    second = wait_for(
        "the second package starts", lambda: (now := usage()).active_package.item_id not in ("", first.active_package.item_id) and now)
    equal(second.waiting_packages, 0, "the packages that wait after the first is exhausted")
    equal(second.active_package.usage.download_bytes, 0, "the usage of the second package at its start")
    expect(user_id in node.users(), "the user left the list though the second package has started")
    node.push({str(user_id): [1, QUOTA]})
    wait_for("the user leaves the list", lambda: user_id not in node.users())
    expect(node.users(), "the list is empty, which agents take for no change")
    equal(usage().active_package.item_id, "", "the active package after both are exhausted")
    request = {"subscription_id": subscription, "with_ended": True}
    items = customer.call("telecom.SubscriptionService.ListPackageQueue", request).items
    reasons = items[0].DESCRIPTOR.fields_by_name["end_reason"].enum_type.values_by_number
    equal([reasons[item.end_reason].name for item in items], ["PACKAGE_END_REASON_EXHAUSTED"] * 2, "why the packages ended")
    step("an exhausted package makes room for the next, and the user leaves the list after the last")


def audit_tells(admin):
    entries = admin.call("manage.AdminService.ListAuditLog", {"page_size": 100}).entries
    wanted = {
        "telecom.node_group.create", "telecom.node_server.create", "telecom.node_client.create", "telecom.package.create",
        "shop.product.create", "shop.gift_card.create", "shop.wallet.deposit",
    }
    missing = wanted - {entry.operation for entry in entries}
    expect(not missing, f"the audit log lacks {sorted(missing)}, it has {sorted({entry.operation for entry in entries})}")
    expect(all(entry.admin_id and entry.request_id for entry in entries), "an audit entry without its operator or request")
    step("the audit log has the operator's operations")


def main():
    client = Client(GRPC)
    services = set(client.reflection.get_services())
    expect({"helium.auth.v1.AuthService", "grpc.health.v1.Health"} <= services, f"reflection lists {sorted(services)}")
    admin = operator_logs_in(client)
    nodes, product, cards = operator_sets_up(admin)
    customer, account = customer_registers(client)
    errors_are_for_programs(client, admin, customer)
    customer_buys(admin, customer, account, product, cards)

    [subscription] = customer.call("telecom.SubscriptionService.ListSubscriptions").subscriptions
    expect(subscription.links and subscription.links[0].url, "the subscription has no link")
    # The link's host is what the operator's settings say; the path is what counts here.
    link = f"http://{SUBSCRIBE}{urllib.parse.urlsplit(subscription.links[0].url).path}"
    user_id = subscription.node_user_id
    client_fetches(link)
    agents_ask(nodes, user_id)
    traffic_counts(customer, subscription.id, link, nodes["shadowsocks"], user_id)
    queue_moves(customer, subscription.id, nodes["vless"], user_id)
    audit_tells(admin)
    print("main job done", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
