"""Every RPC over the wire: with no, forged, stale and foreign credentials, with too small a role, with rubbish, twice, and as it should be.

Which RPCs there are is what grpc.reflection.v1 says, so one that is added is swept, too; if its descriptor doesn't tell valid input, it
needs a recipe in wire_recipes.py. No answer may be UNKNOWN or INTERNAL, each error has its ErrorInfo, and each RPC answers OK at least once.
Beside what callers.py reads from the environment, INVITATION is an operator's and MASTER_KEY_FILE the installation's. Prints what is wrong,
one fault a line, or "sweep done" as the last line of a good run.
"""

import base64
import concurrent.futures
import os
import pathlib
import sys
import time

import grpc

from callers import GRPC, Refusal, Wrong, expect, step
import wire_recipes  # noqa: F401: notes its recipes
import wire_telecom_recipes  # noqa: F401: notes its recipes
from wire_client import FAULTS, PUBLIC, Wire, shown
from wire_input import RECIPES, input_of
from wire_rubbish import requests
from wire_tokens import Forger
from wire_world import World

UNAUTHENTICATED, INVALID = grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.INVALID_ARGUMENT
LEAST_ROLE = "ROLE_SUPPORT_BOT"
ADMIN, CUSTOMER = "x-admin-authorization", "authorization"
# Methods at once: the server's time counts, not this program's.
WORKERS = 4
LONGEST_KEY = 255
WRONG_KEYS = ("", "x" * (LONGEST_KEY + 1))

# The calls that take an `idempotency-key`.
KEYED = {
    "manage.AdminService.InviteAdmin", "manage.AdminService.CreateApiKey", "manage.AdminService.RotateApiKey",
    "shop.ProductAdminService.CreateProduct", "shop.ProductAdminService.ChangeProductStock", "shop.GiftCardService.RedeemGiftCard",
    "shop.GiftCardAdminService.CreateGiftCards", "shop.WalletAdminService.DepositToWallet", "shop.OrderService.CreateOrder",
    "shop.OrderService.PayOrder", "telecom.NodeAdminService.CreateNodeGroup", "telecom.NodeAdminService.CreateNodeServer",
    "telecom.NodeAdminService.CreateNodeClient", "telecom.PackageAdminService.CreatePackageSeries",
    "telecom.PackageAdminService.CreatePackageVersion", "telecom.SubscriptionAdminService.GrantPackage",
    "telecom.SubscriptionAdminService.AdjustQuota", "telecom.SubscriptionAdminService.ExtendPackage",
    "telecom.SubscriptionAdminService.CancelPackage", "telecom.SubscriptionService.CreateSubscription",
    "mailer.MailerAdminService.SendTestMail",
}


class Sweep:
    def __init__(self, wire, world, master_key):
        self.wire, self.world = wire, world
        customer = world.customer.tokens
        self.operators_tokens = Forger(master_key, "admin", world.admin.token)
        self.customers_tokens = Forger(master_key, "customer-access", customer.access_token)
        # Good tokens, for something else.
        self.foreign_to_operators = {"a customer's": customer.access_token, "a refresh token": customer.refresh_token}
        self.foreign_to_customers = {"an operator's": world.admin.token, "a refresh token": customer.refresh_token}
        self.of_least_role = {}

    def sweep(self, method):
        try:
            made = self.input_of(method)
            valid = method.message(made.request)
            if method.is_public:
                self.ignores_tokens(method)
            else:
                self.refuses_strangers(method, valid, made.caller)
            if method.is_for_operators:
                self.tries_least_role(method)
            self.answers(method, valid, made)
            self.bears_rubbish(method)
        except (Refusal, Wrong) as failure:
            self.wire.fault(method, "can't be swept", f"{failure}")

    def input_of(self, method):
        """Fresh valid input, and who sends it; nobody in particular where everyone may."""
        caller = None if method.is_public else self.world.admin if method.is_for_operators else self.world.customer
        made = input_of(self.world, method, caller)
        made.caller = made.caller or caller
        return made

    def metadata(self, made):
        """Of a public method's caller the token is stale, which must not matter."""
        stale = self.customers_tokens.stale()["expired"]
        return made.caller.metadata if made.caller else ((CUSTOMER, f"Bearer {stale}"),)

    def expect(self, method, condition, what, request, answer):
        # What is always wrong has been noted.
        if not condition and getattr(answer, "code", None) not in FAULTS:
            self.wire.fault(method, what, f"{shown(request)}: {answer}")

    # Who calls.

    def ignores_tokens(self, method):
        """Everyone gets the same answer from a public method, whatever token is sent along."""
        nothing = method.input()
        wanted = self.wire.call(method, nothing, case="nothing")
        tokens = [(CUSTOMER, f"Bearer {token}") for token in self.customers_tokens.stale().values()]
        tokens += [(ADMIN, token) for token in self.operators_tokens.stale().values()] + [(CUSTOMER, "rubbish")]
        for header in tokens:
            answer = self.wire.call(method, nothing, [header], "a stale token")
            self.expect(method, answer.error == wanted.error, f"minds a stale token, though it is public: {wanted}", nothing, answer)
        self.expect(method, wanted.code != UNAUTHENTICATED, "wants a token", nothing, wanted)

    def refuses_strangers(self, method, valid, caller):
        good = caller.metadata[0][1].removeprefix("Bearer ")
        customer = self.world.customer.metadata
        admin = self.world.admin.metadata
        cases = {"no token": []}
        if method.is_for_operators:
            tokens = self.operators_tokens.forgeries() | self.foreign_to_operators
            cases |= {name: [(ADMIN, token)] for name, token in tokens.items()}
            cases |= {"a customer": customer, "an operator's token as a customer's": [(CUSTOMER, f"Bearer {good}")]}
        else:
            tokens = self.customers_tokens.forgeries() | self.foreign_to_customers
            cases |= {name: [(CUSTOMER, f"Bearer {token}")] for name, token in tokens.items()}
            cases |= {
                "an operator": admin, "a customer's token as an operator's": [(ADMIN, good)], "a token alone": [(CUSTOMER, good)],
                "another scheme": [(CUSTOMER, f"Basic {good}")], "both headers": (*caller.metadata, *admin),
            }
        forged = self.operators_tokens.stale()["forged"]
        cases["both headers, the operator's forged"] = (*customer, (ADMIN, forged))
        for name, metadata in cases.items():
            answer = self.wire.call(method, valid, metadata, name)
            self.expect(method, answer.code == UNAUTHENTICATED, f"lets in: {name}", valid, answer)
        if method.is_for_operators:
            # Which operator calls is clear; a stale token of a customer beside it doesn't matter.
            both = (*admin, (CUSTOMER, f"Bearer {self.customers_tokens.stale()['expired']}"))
            answer = self.wire.call(method, method.input(), both, "both headers")
            self.expect(method, answer.code != UNAUTHENTICATED, "refuses an operator with both headers", method.input(), answer)

    def tries_least_role(self, method):
        """The audit log tells which permission it took; `checks_permissions` reads it."""
        made = input_of(self.world, method, self.world.bot)
        valid = method.message(made.request)
        metadata = (*self.world.bot.metadata, ("x-request-id", method.name))
        self.of_least_role[method.name] = self.wire.call(method, valid, metadata, f"as {LEAST_ROLE}")

    def checks_permissions(self):
        call = self.world.admin.call
        allowed = {permission.name: set(permission.roles) for permission in call("manage.AdminService.ListPermissions").permissions}
        taken, token = {}, ""
        while True:
            request = {"admin_id": self.world.bot.id, "page_size": 200, "page_token": token}
            page = call("manage.AdminService.ListAuditLog", request)
            taken |= {entry.request_id: entry for entry in page.entries}
            token = page.next_page_token
            if not token:
                break
        for method in self.wire.methods:
            if not method.is_for_operators:
                continue
            answer, entry = self.of_least_role.get(method.name), taken.get(method.name)
            if not entry or entry.operation not in allowed:
                self.wire.fault(method, "leaves no audit row with its permission", f"as {LEAST_ROLE}: {answer}")
                continue
            roles = entry.DESCRIPTOR.fields_by_name["role"].enum_type.values_by_name
            may = roles[LEAST_ROLE].number in allowed[entry.operation]
            is_denied = answer.code == grpc.StatusCode.PERMISSION_DENIED
            if may == is_denied:
                self.wire.fault(method, f"takes {entry.operation}, which {LEAST_ROLE} {'has' if may else 'lacks'}", f"{answer}")
            elif may and not answer.is_ok:
                self.wire.fault(method, f"refuses valid input of {LEAST_ROLE}", f"{answer}")
            outcomes = entry.DESCRIPTOR.fields_by_name["outcome"].enum_type.values_by_number
            if is_denied != (outcomes[entry.outcome].name == "OUTCOME_DENIED"):
                self.wire.fault(method, f"is audited as {outcomes[entry.outcome].name}", f"{answer}")

    # What they send.

    def answers(self, method, valid, made):
        """The valid call, and where it takes a key, what the key is good for."""
        metadata = self.metadata(made)
        if method.name not in KEYED:
            answer = self.wire.call(method, valid, metadata)
            self.expect(method, answer.is_ok, "refuses valid input", valid, answer)
            return
        for key in WRONG_KEYS:
            answer = self.wire.call(method, valid, (*metadata, ("idempotency-key", key)), f"a key of {len(key)} bytes")
            named = answer.code == INVALID and answer.fields == ("idempotency-key",)
            self.expect(method, named, f"takes a key of {len(key)} bytes", valid, answer)
        metadata = (*metadata, ("idempotency-key", method.name.ljust(LONGEST_KEY, "x")))
        first = self.wire.call(method, valid, metadata)
        self.expect(method, first.is_ok, "refuses valid input", valid, first)
        again = self.wire.call(method, valid, metadata, "the same key again")
        is_same = again.is_ok and first.messages == again.messages
        self.expect(method, is_same, f"answers a repeated call otherwise than {first.messages}", valid, again.messages or again)
        if method.input.DESCRIPTOR.fields:
            other = method.message(made.other or self.input_of(method).request)
            expect(other != valid, f"the recipe of {method.name} makes the same request each time")
            answer = self.wire.call(method, other, metadata, "the same key for another request")
            is_refused = answer.error == (INVALID, "IDEMPOTENCY_KEY_REUSED")
            self.expect(method, is_refused, "takes a key for another request", other, answer)

    def bears_rubbish(self, method):
        made = self.input_of(method)
        metadata = self.metadata(made)
        for key in WRONG_KEYS:
            self.wire.call(method, method.input(), (*metadata, ("idempotency-key", key)), f"a key of {len(key)} bytes")
        kinds = [(method.message(request), part) for part, request in made.kinds.items()]
        for kind, part in kinds:
            answer = self.wire.call(method, kind, metadata, f"a valid {part[-1]}")
            self.expect(method, answer.is_ok, f"refuses a valid {part[-1]}", kind, answer)
        for case, request in requests(method.message(made.request), kinds):
            answer = self.wire.call(method, request, metadata, case)
            if case in ("broken bytes", "no UTF-8"):
                self.expect(method, not answer.is_ok, f"takes {case}", request, answer)
            elif case == "wrong page_size" and request.page_size < 0 or case == "wrong page_token" and request.page_token:
                named = answer.code == INVALID and answer.fields == (case.removeprefix("wrong "),)
                self.expect(method, named, f"takes a {case}", request, answer)


def main():
    started = time.monotonic()
    wire = Wire(GRPC)
    gone = (PUBLIC | KEYED | RECIPES.keys()) - {method.name for method in wire.methods}
    expect(not gone, f"there are no such RPCs as {sorted(gone)}")
    world = World()
    step(f"there are {len(wire.methods)} RPCs, people and things to try them with ({time.monotonic() - started:.1f} s)")
    sweep = Sweep(wire, world, base64.b64decode(pathlib.Path(os.environ["MASTER_KEY_FILE"]).read_bytes()))
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(sweep.sweep, wire.methods))
    sweep.checks_permissions()
    for method in wire.methods:
        if method.name not in wire.succeeded:
            wire.fault(method, "never answers OK")
    wire.print_faults()
    step(f"they answered {wire.calls} calls, {len(wire.succeeded)} of them OK ({time.monotonic() - started:.1f} s)")
    expect(not wire.faults, f"{len(wire.faults)} faults")
    print("sweep done", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
