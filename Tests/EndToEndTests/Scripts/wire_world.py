"""What RPCs need to find before a call can be valid: people with their sessions, and things of each kind, made when they are wanted."""

import itertools
import json
import os
import urllib.parse
import uuid

from callers import GRPC, SUBSCRIBE, Caller, Client, Node, Refusal, equal, http, mailed_code, registered, usd, wait_for

PASSWORD = "correct horse battery"
QUOTA = 1_000
# Long enough for traffic to start anew meanwhile.
DURATION = 90 * 86_400

TLS = {
    "server_name": "example.com", "alpn": ["h2"],
    "certificate": {"dns": {"provider": "cloudflare", "environment": {"CF_DNS_API_TOKEN": "token"}}},
}
# Each has all that its server can have.
PROTOCOLS = {
    "shadowsocks": {"plugin": {"obfs": {"host": "example.com"}}},
    "vmess": {"transport": {"xhttp": {"path": "/x", "host": "example.com"}}, "tls": TLS},
    "vless": {"transport": {"ws": {"path": "/ws", "host": "example.com"}}, "tls": TLS},
    "trojan": {"transport": {"grpc": {"service_name": "name"}}, "reality": {"server_name": "example.com", "dest": "example.com"}},
    "hysteria2": {"tls": TLS, "up_mbps": 1, "obfs_password": "password", "port_hopping": {"first": 20_000, "last": 30_000}},
    "tuic": {"tls": TLS},
    "anytls": {"tls": TLS, "padding_scheme": ["stop=2", "0=30-30", "1=100-400"]},
    "socks": {},
    "http": {"tls": TLS},
    "naive": {"tls": TLS},
    "mieru": {},
}


class Person(Caller):
    """A customer with tokens of its own session."""

    def __init__(self, client, email, tokens):
        super().__init__(client, "authorization", f"Bearer {tokens.access_token}")
        self.email, self.account, self.tokens = email, tokens.account_id, tokens


class Operator(Caller):
    """An operator who has registered by an invitation."""

    def __init__(self, client, invitation, name):
        answer = client.call("manage.AdminAuthService.RegisterAdmin", {"invitation_token": invitation, "name": name})
        self.id, self.api_key = answer.admin_id, answer.api_key
        self.token = client.call("manage.AdminAuthService.AdminLogin", {"api_key": self.api_key}).access_token
        super().__init__(client, "x-admin-authorization", self.token)


class World:
    """An installation with one of each thing. `ids` says which ids fields of these names get that have no recipe."""

    def __init__(self):
        self.client = Client(GRPC)
        # Names are new each time, so that it can be tried on an installation again.
        self.run, self.numbers = uuid.uuid4().hex[:8], itertools.count(1)
        self.admin = Operator(self.client, os.environ["INVITATION"], "root")
        self.set_up("telecom", subscriptions_per_account=100)
        self.bot = self.operator("ROLE_SUPPORT_BOT")
        self.customer = self.register()
        self.group = self.admin.call("telecom.NodeAdminService.CreateNodeGroup", {"name": self.name("group")}).node_group.id
        self.server, token = self.new_node_server()
        self.node = Node(self.server, token, "vless")
        self.new_node_client()
        self.series = self.package_series(self.package_spec(1 << 40))
        self.product = self.new_product()
        self.subscription = self.first_subscription(self.customer)
        self.deposit(self.customer)
        self.grant(self.customer, self.series)
        self.order = self.new_order(self.customer)
        self.ids = {
            "account_id": self.customer.account, "subscription_id": self.subscription, "server_id": self.server, "series_id": self.series,
            "product_id": self.product,
        }

    def name(self, kind):
        return f"{kind} {self.run} {next(self.numbers)}"

    def set_up(self, module, **changes):
        stored = self.admin.call("manage.SettingsService.GetSettings", {"module": module})
        document = json.dumps(json.loads(stored.document) | changes)
        request = {"module": module, "document": document, "version": str(stored.version)}
        self.admin.call("manage.SettingsService.UpdateSettings", request)

    # People.

    def email(self):
        return f"customer-{self.run}-{next(self.numbers)}@example.com"

    def code(self, email):
        self.client.call("auth.AuthService.SendRegistrationCode", {"email": email})
        return mailed_code(email)

    def register(self):
        email = self.email()
        return Person(self.client, email, registered(self.client, email, PASSWORD))

    def log_in(self, person):
        """Another session of that customer."""
        tokens = self.client.call("auth.AuthService.LogIn", {"email": person.email, "password": PASSWORD}).tokens
        return Person(self.client, person.email, tokens)

    def session(self, person):
        sessions = person.call("auth.AuthService.ListSessions").sessions
        return next(session.id for session in sessions if session.current)

    def invitation(self, role="ROLE_SUPPORT_BOT"):
        return self.admin.call("manage.AdminService.InviteAdmin", {"role": role}).invitation_token

    def operator(self, role="ROLE_SUPPORT_BOT"):
        return Operator(self.client, self.invitation(role), self.name("operator"))

    def api_key(self, operator):
        return operator.call("manage.AdminService.CreateApiKey", {"name": self.name("key")}).api_key.id

    # The shop.

    def deposit(self, person):
        deposit = {"account_id": person.account, "amount": usd(1_000), "reason": "in advance"}
        self.admin.call("shop.WalletAdminService.DepositToWallet", deposit)

    def terms(self, **changes):
        terms = {"title": self.name("product"), "price": usd(100), "packages": [{"series_id": self.series, "amount": 1}], "on_sale": True}
        return terms | changes

    def new_product(self, **changes):
        return self.admin.call("shop.ProductAdminService.CreateProduct", {"terms": self.terms(**changes)}).product.id

    def new_order(self, person):
        return person.call("shop.OrderService.CreateOrder", {"product_id": self.product}).order.id

    def gift_card(self):
        return self.admin.call("shop.GiftCardAdminService.CreateGiftCards", {"count": 1, "value": usd(500)}).codes[0]

    # Nodes.

    def server_spec(self, protocol="vless"):
        settings = {"listen_ip": "127.0.0.1", "server_port": 443, protocol: PROTOCOLS[protocol]}
        return {
            "name": self.name("server"), "settings": settings, "factor_thousandths": 1_000,
            "routes": [{"id": 1, "match": ["example.org"], "action": "NODE_ROUTE_ACTION_BLOCK"}],
            "factor_rules": [{"from_minute": 60, "to_minute": 120, "factor_thousandths": 500}], "factor_time_zone": "Europe/Berlin",
        }

    def new_node_server(self):
        """Its id and its token."""
        created = self.admin.call("telecom.NodeAdminService.CreateNodeServer", {"spec": self.server_spec()})
        return created.node_server.id, created.token

    def node_client_spec(self):
        return {
            "server_id": self.server, "name": self.name("client"), "host": "node.example.com", "port": 443, "region": "DE",
            "tags": ["fast"], "group_ids": [self.group],
        }

    def new_node_client(self):
        spec = {"spec": self.node_client_spec()}
        return self.admin.call("telecom.NodeAdminService.CreateNodeClient", spec).node_client.id

    # Packages and subscriptions.

    def package_spec(self, quota=QUOTA):
        return {
            "name": self.name("package"), "quota_bytes": str(quota), "duration_seconds": str(DURATION), "group_id": self.group,
            "device_limit": 5, "reset_rule": "RESET_RULE_MONTHLY",
        }

    def package_series(self, spec):
        return self.admin.call("telecom.PackageAdminService.CreatePackageSeries", {"spec": spec}).package.series_id

    def first_subscription(self, person):
        def subscriptions():
            return person.call("telecom.SubscriptionService.ListSubscriptions").subscriptions

        return wait_for("the account has its subscription", subscriptions)[0].id

    def grant(self, person, series):
        """The queue's new item."""
        grant = {"account_id": person.account, "series_id": series, "reason": "to try"}
        return self.admin.call("telecom.SubscriptionAdminService.GrantPackage", grant).item_ids[0]

    def active_item(self):
        usage = self.customer.call("telecom.SubscriptionService.GetUsage", {"subscription_id": self.subscription})
        return usage.active_package.item_id

    def device(self):
        """A new customer, the subscription, and a device that has fetched its link."""
        person = self.register()
        subscription = self.first_subscription(person)
        self.grant(person, self.series)
        limit = {"subscription_id": subscription, "hwid_limit": 100, "reason": "to try"}
        self.admin.call("telecom.SubscriptionAdminService.SetHWIDLimit", limit)
        [found] = person.call("telecom.SubscriptionService.ListSubscriptions").subscriptions
        path = urllib.parse.urlsplit(found.links[0].url).path
        hwid = f"device-{next(self.numbers):010}"
        answer = http(f"http://{SUBSCRIBE}{path}", {"User-Agent": "Happ/3.0", "x-hwid": hwid})
        equal(answer.status, 200, "the status of a link that a device fetches")

        def is_noted():
            listed = person.call("telecom.SubscriptionService.ListDevices", {"subscription_id": subscription})
            return hwid in {device.hwid for device in listed.devices}

        wait_for("the device is noted", is_noted)
        return person, subscription, hwid

    def exhausted(self):
        """A customer whose package waits without traffic for its next period while another could start."""
        person = self.register()
        subscription = self.first_subscription(person)
        series = self.package_series(self.package_spec())
        self.grant(person, series)
        self.grant(person, series)
        [found] = person.call("telecom.SubscriptionService.ListSubscriptions").subscriptions
        self.node.push({str(found.node_user_id): [QUOTA, QUOTA]})

        def is_exhausted():
            usage = person.call("telecom.SubscriptionService.GetUsage", {"subscription_id": subscription})
            return usage.active_package.HasField("exhaust_time")

        wait_for("the package is exhausted", is_exhausted)
        return person, subscription

    def wait_for_settings(self):
        """Returns when the server lets accounts have more than one subscription."""
        def opened():
            try:
                return self.customer.call("telecom.SubscriptionService.CreateSubscription")
            except Refusal as refusal:
                equal(refusal.reason, "TOO_MANY_SUBSCRIPTIONS", "why there is no other subscription")
                return None

        wait_for("accounts may have more subscriptions", opened)
