"""Every RPC of a server as grpc.reflection.v1 lists it, and calls of them that note each answer no server may give."""

import dataclasses
import re
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory, text_format
from google.rpc import error_details_pb2, status_pb2
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from callers import PATIENCE

# The methods that anyone may call, logged in or not; a token with them is not looked at.
PUBLIC = {
    "auth.AuthService.SendRegistrationCode", "auth.AuthService.Register", "auth.AuthService.LogIn", "auth.AuthService.RefreshSession",
    "manage.AdminAuthService.RegisterAdmin", "manage.AdminAuthService.AdminLogin",
    "shop.ProductService.ListProducts", "shop.ProductService.GetProduct",
}
# What no answer may be. A server that dies is UNAVAILABLE.
FAULTS = {
    grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED, grpc.StatusCode.DATA_LOSS,
}


class Reflection(ProtoReflectionDescriptorDatabase):
    """The database of grpcio-reflection, which asks for v1alpha, over v1: their messages are the same on the wire."""

    def __init__(self, channel):
        super().__init__(channel)
        self._stub = self
        self.ServerReflectionInfo = channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString)


class Method:
    """An RPC. `name` is `<module>.<Service>.<Method>`, or the full name where it isn't Helium's."""

    def __init__(self, descriptor, pool):
        service = descriptor.containing_service
        self.pool = pool
        self.path = f"/{service.full_name}/{descriptor.name}"
        self.is_ours = service.full_name.startswith("helium.")
        name = f"{service.full_name}.{descriptor.name}"
        self.name = re.sub(r"^helium\.(\w+)\.v\d+\.", r"\1.", name) if self.is_ours else name
        self.is_public = not self.is_ours or self.name in PUBLIC
        self.is_for_operators = not self.is_public and (self.name.startswith("manage.") or "Admin" in service.name)
        self.streams_requests, self.streams_answers = descriptor.client_streaming, descriptor.server_streaming
        self.input = message_factory.GetMessageClass(descriptor.input_type)
        self.output = message_factory.GetMessageClass(descriptor.output_type)

    def message(self, request):
        return json_format.ParseDict(request, self.input(), descriptor_pool=self.pool)


@dataclasses.dataclass
class Answer:
    """How a call ended; an error's reason and wrong fields, or a success's messages."""

    code: grpc.StatusCode
    messages: list = dataclasses.field(default_factory=list)
    reason: str = ""
    fields: tuple = ()
    domain: str = ""
    text: str = ""

    @property
    def is_ok(self):
        return self.code == grpc.StatusCode.OK

    @property
    def error(self):
        return self.code, self.reason

    def __str__(self):
        return "OK" if self.is_ok else f"{self.code.name} {self.reason} {list(self.fields)} {self.text}"


class Wire:
    """A connection, and what was wrong with its answers so far: `faults` by method and kind of fault."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        reflection = Reflection(self.channel)
        pool = descriptor_pool.DescriptorPool(reflection)
        self.methods = [
            Method(method, pool) for service in sorted(reflection.get_services()) for method in pool.FindServiceByName(service).methods]
        self.faults = {}
        self.calls = 0
        self.succeeded = set()

    def fault(self, method, what, detail="", case=""):
        """Notes what is wrong: of one kind the first in full, of others only in which case they came."""
        _, cases = self.faults.setdefault((method.name, what), (detail, []))
        if case and case not in cases:
            cases.append(case)

    def print_faults(self):
        """Each kind of fault with the methods that have it, and with what the first of them answered to which input."""
        methods = {}
        for name, what in sorted(self.faults):
            methods.setdefault(what, []).append(name)
        for what, names in methods.items():
            detail, cases = self.faults[names[0], what]
            more = f" (and in {len(cases) - 1} other cases: {', '.join(cases[1:9])})" if len(cases) > 1 else ""
            print(f"wrong: {', '.join(names)}: {what}: {detail}{more}", file=sys.stderr)

    def call(self, method, request, metadata=(), case="valid input"):
        """The answer to a message, or to bytes that may be none; a stream is read to its end."""
        answer = self.answer(method, request, metadata)
        self.calls += 1
        if answer.is_ok:
            self.succeeded.add(method.name)
            return answer
        if answer.code in FAULTS:
            self.fault(method, f"answers {answer.code.name}", f"{case}: {shown(request)}: {answer}", case)
        elif answer.domain != "helium" or not re.fullmatch(r"[A-Z][A-Z0-9_]*", answer.reason):
            self.fault(method, "answers an error without ErrorInfo of helium", f"{case}: {shown(request)}: {answer}", case)
        return answer

    def answer(self, method, request, metadata):
        data = request if isinstance(request, bytes) else request.SerializeToString()
        kind = {
            (False, False): self.channel.unary_unary, (False, True): self.channel.unary_stream,
            (True, False): self.channel.stream_unary, (True, True): self.channel.stream_stream,
        }[method.streams_requests, method.streams_answers]
        remote = kind(method.path, request_serializer=bytes, response_deserializer=method.output.FromString)
        try:
            found = remote(iter([data]) if method.streams_requests else data, timeout=PATIENCE, metadata=tuple(metadata))
            if not method.streams_answers:
                return Answer(grpc.StatusCode.OK, [found])
            if method.name == "grpc.health.v1.Health.Watch":
                # It goes on for as long as the server does.
                first = next(found)
                found.cancel()
                return Answer(grpc.StatusCode.OK, [first])
            return Answer(grpc.StatusCode.OK, list(found))
        except grpc.RpcError as error:
            return refusal(error)


def refusal(error):
    answer = Answer(error.code(), text=error.details())
    details = [value for key, value in error.trailing_metadata() or () if key == "grpc-status-details-bin"]
    for detail in status_pb2.Status.FromString(details[0]).details if details else ():
        info, request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            answer.reason, answer.domain = info.reason, info.domain
        elif detail.Unpack(request):
            answer.fields = tuple(violation.field for violation in request.field_violations)
    return answer


def shown(request):
    text = repr(request) if isinstance(request, bytes) else "{" + text_format.MessageToString(request, as_one_line=True) + "}"
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters)"
