"""What callers of an installation have in common: gRPC through server reflection, HTTP, node agents, mail, expectations.

Addresses come from the environment: GRPC_ADDRESS, SUBSCRIBE_ADDRESS and NODE_ADDRESS as host:port, MAIL_DIRECTORY of the mail sink.
"""

import email
import email.policy
import json
import os
import pathlib
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2, status_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

GRPC, SUBSCRIBE, NODE = (os.environ[f"{name}_ADDRESS"] for name in ("GRPC", "SUBSCRIBE", "NODE"))
MAIL = pathlib.Path(os.environ["MAIL_DIRECTORY"])

# Long enough for a machine that builds beside the test; nothing waits this long when all is well.
PATIENCE = 30


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
        try:
            # The first call of a method asks the server what it is.
            descriptor = self.pool.FindServiceByName(f"helium.{module}.v1.{service}").FindMethodByName(name)
            message = message_factory.GetMessageClass(descriptor.input_type)()
            json_format.ParseDict(request or {}, message, descriptor_pool=self.pool)
            remote = self.channel.unary_unary(
                f"/helium.{module}.v1.{service}/{name}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=message_factory.GetMessageClass(descriptor.output_type).FromString)
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
    """The answer to a GET, or with a body to a POST: bytes are sent as they are, anything else as JSON."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"User-Agent": "end-to-end"} | (headers or {}))
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


def usd(cents):
    return {"currency_code": "USD", "minor_units": str(cents)}


def registered(client, address, password="correct horse battery"):
    """The tokens of a new customer, who proves the address by the mailed code."""
    client.call("auth.AuthService.SendRegistrationCode", {"email": address, "language": "en"})
    return client.call("auth.AuthService.Register", {"email": address, "code": mailed_code(address), "password": password}).tokens


def mailed_code(address):
    """The code of the mail to `address`."""

    def read():
        for path in sorted(MAIL.glob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if mail["X-Envelope-To"] == address:
                return re.search(r"\b\d{6}\b", mail.get_body(("plain",)).get_content())
        return None

    return wait_for(f"a mail to {address}", read).group()


def status_of(order):
    return order.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[order.status].name
