"""The main job, from an operator's invitation to billed traffic, as callers outside see it.

gRPC goes through server reflection alone, so it also proves that reflection describes what the server does. Beside what callers.py reads
from the environment, INVITATION is an operator's, and TOOLS the folder with the programs that read subscription documents. Prints each
step; the last line of a good run is "main job done". Exits 1 at the first thing that is wrong.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid

import grpc

from callers import (
    GRPC, PATIENCE, SUBSCRIBE, Caller, Client, Node, Refusal, Wrong, equal, expect, http, mailed_code, status_of, step, usd, wait_for)

TOOLS = pathlib.Path(os.environ["TOOLS"])

# The contract: usage shows this soon after a report.
USAGE_DELAY = 5
GIB = 1 << 30
QUOTA = GIB
FACTOR = 1.5


def operator_logs_in(client):
    registered = client.call("manage.AdminAuthService.RegisterAdmin", {"invitation_token": os.environ["INVITATION"], "name": "root"})
    login = client.call("manage.AdminAuthService.AdminLogin", {"api_key": registered.api_key})
    refusal = client.refused("manage.AdminAuthService.RegisterAdmin", {"invitation_token": os.environ["INVITATION"], "name": "again"})
    expect(refusal.code != grpc.StatusCode.INTERNAL, f"a used invitation: {refusal}")
    step("an operator registers by the invitation, which works once, and logs in")
    return Caller(client, "x-admin-authorization", login.access_token)


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


def without_reality(document):
    """sing-box as PyPI has it is built without uTLS, which REALITY needs."""
    left_out = {outbound["tag"] for outbound in document["outbounds"] if "reality" in outbound.get("tls", {})}
    kept = [outbound for outbound in document["outbounds"] if outbound["tag"] not in left_out]
    for outbound in kept:
        if "outbounds" in outbound:
            outbound["outbounds"] = [tag for tag in outbound["outbounds"] if tag not in left_out]
    return document | {"outbounds": kept}


def accepted_by_program(name, body):
    """Lets the program that the document is for read it, as a client that is offline does."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "document")
        if name == "sing-box":
            file.write_text(json.dumps(without_reality(json.loads(body))))
            command = [TOOLS / "sing-box-1.12", "check", "--disable-color", "-D", folder, "-c", file]
        else:
            file.write_bytes(body)
            command = [TOOLS / "mihomo", "-t", "-d", folder, "-f", file]
        read = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
        equal(read.returncode, 0, f"the status of {command[0].name} that reads the {name} document, which says {read.stdout}")


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
        if name != "v2ray":
            accepted_by_program(name, by_agent.body)
        equal(by_agent.headers["content-type"], by_name.headers["content-type"], f"the type of the {name} document")
        unchanged = http(link, {"User-Agent": agent, "If-None-Match": by_agent.headers["etag"]})
        equal((unchanged.status, unchanged.body), (304, b""), f"the second answer with the {name} document's tag")
        expect("subscription-userinfo" in unchanged.headers, "304 without subscription-userinfo")
    equal(http(f"http://{SUBSCRIBE}/subscribe/{'x' * 32}").status, 404, "the status of a link that there isn't")
    step("the link answers share links, and documents that mihomo and sing-box accept, with headers, tags and 304")


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
        "shop.product.create", "shop.gift_card.create", "shop.wallet.deposit", "manage.admin.invite_on_machine", "manage.admin.register",
    }
    missing = wanted - {entry.operation for entry in entries}
    expect(not missing, f"the audit log lacks {sorted(missing)}, it has {sorted({entry.operation for entry in entries})}")
    # A command on the machine is no request.
    expect(
        all(entry.admin_id and (entry.request_id or entry.operation.endswith("_on_machine")) for entry in entries),
        "an audit entry without its operator or request")
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
