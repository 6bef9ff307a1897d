"""An installation that is open for business: an operator, two nodes, a product, and customers with money and a first package.

Run once it sets all of that up and writes it to the file STATE, from which the other scripts go on. Beside what callers.py reads from the
environment, INVITATION is an operator's, CUSTOMERS how many there are to be.
"""

import json
import os
import pathlib
import sys
import urllib.parse

from callers import GRPC, SUBSCRIBE, Caller, Client, Node, Refusal, Wrong, registered, status_of, usd, wait_for

STATE = pathlib.Path(os.environ["STATE"])

PRICE = 250
DEPOSIT = 1_000_000
CARD = 700
CARDS = 50
# Small enough that the load uses packages up, and the queue moves on.
QUOTA = 1 << 30
FACTORS = {"shadowsocks": 1500, "vless": 333}


class Business:
    """What business.py has set up, to be used by callers of any number of threads."""

    def __init__(self, state):
        self.state = state
        self.product = state["product"]
        self.client = Client(GRPC)
        self.admin = Caller(self.client, "x-admin-authorization", state["admin"])
        self.customers = [Customer(self.client, customer) for customer in state["customers"]]
        self.nodes = [Node(node["id"], node["token"], node["type"]) for node in state["nodes"]]

    @staticmethod
    def opened():
        return Business(json.loads(STATE.read_text()))


class Customer(Caller):
    """A customer with an account, a wallet, gift cards not yet redeemed, and a subscription."""

    def __init__(self, client, state):
        super().__init__(client, "authorization", f"Bearer {state['token']}")
        self.account = state["account"]
        self.cards = list(state["cards"])
        self.balance = state["balance"]
        self.node_user = state["node_user"]
        self.subscription = state["subscription"]
        self.link = state["link"]


def operator(client):
    key = client.call("manage.AdminAuthService.RegisterAdmin", {"invitation_token": os.environ["INVITATION"], "name": "root"}).api_key
    return client.call("manage.AdminAuthService.AdminLogin", {"api_key": key}).access_token


def nodes_of(admin, group):
    protocols = {
        "shadowsocks": {"shadowsocks": {"cipher": "SHADOWSOCKS_CIPHER_BLAKE3_AES_256_GCM"}},
        "vless": {"vless": {"transport": {"tcp": {}}, "reality": {"server_name": "www.example.com"}}},
    }
    for port, (name, protocol) in enumerate(protocols.items(), start=18_001):
        spec = {"name": name, "settings": {"server_port": port} | protocol, "factor_thousandths": FACTORS[name], "enabled": True}
        created = admin.call("telecom.NodeAdminService.CreateNodeServer", {"spec": spec}, key=f"server {name}")
        client_spec = {
            "server_id": created.node_server.id, "name": name, "host": f"{name}.example.com", "port": port, "enabled": True,
            "group_ids": [group],
        }
        admin.call("telecom.NodeAdminService.CreateNodeClient", {"spec": client_spec}, key=f"client {name}")
        yield {"id": created.node_server.id, "token": created.token, "type": name}


def product_of(admin, group):
    spec = {"name": "A month", "quota_bytes": str(QUOTA), "duration_seconds": str(30 * 86_400), "group_id": group}
    package = admin.call("telecom.PackageAdminService.CreatePackageSeries", {"spec": spec}, key="package").package
    terms = {"title": "Two months", "price": usd(PRICE), "packages": [{"series_id": package.series_id, "amount": 2}], "on_sale": True}
    return admin.call("shop.ProductAdminService.CreateProduct", {"terms": terms}, key="product").product.id


def customer_of(client, admin, product, number):
    """A customer whose first order is delivered, so that traffic has a package to count on. The order is the ledger's too."""
    tokens = registered(client, f"customer-{number}@example.com")
    account = tokens.account_id
    customer = Caller(client, "authorization", f"Bearer {tokens.access_token}")
    deposit = {"account_id": account, "amount": usd(DEPOSIT), "reason": "in advance"}
    admin.call("shop.WalletAdminService.DepositToWallet", deposit, key=f"deposit {number}")
    cards = admin.call("shop.GiftCardAdminService.CreateGiftCards", {"count": CARDS, "value": usd(CARD)}, key=f"cards {number}").codes
    order = customer.call("shop.OrderService.CreateOrder", {"product_id": product}, key="first").order
    customer.call("shop.OrderService.PayOrder", {"id": order.id}, key="first")
    wait_for(
        "the first order is delivered",
        lambda: status_of(customer.call("shop.OrderService.GetOrder", {"id": order.id}).order) == "ORDER_STATUS_DELIVERED")
    [subscription] = customer.call("telecom.SubscriptionService.ListSubscriptions").subscriptions
    path = urllib.parse.urlsplit(subscription.links[0].url).path
    return {
        "account": account, "token": tokens.access_token, "cards": list(cards), "balance": DEPOSIT - PRICE, "first_order": order.id,
        "subscription": subscription.id, "node_user": subscription.node_user_id, "link": f"http://{SUBSCRIBE}{path}",
    }


def main():
    client = Client(GRPC)
    token = operator(client)
    admin = Caller(client, "x-admin-authorization", token)
    group = admin.call("telecom.NodeAdminService.CreateNodeGroup", {"name": "everywhere"}, key="group").node_group.id
    nodes = list(nodes_of(admin, group))
    product = product_of(admin, group)
    customers = [customer_of(client, admin, product, number) for number in range(int(os.environ["CUSTOMERS"]))]
    STATE.write_text(json.dumps({"admin": token, "nodes": nodes, "product": product, "customers": customers}))
    print("open for business", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
