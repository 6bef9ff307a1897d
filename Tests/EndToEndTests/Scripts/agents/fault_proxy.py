"""A proxy in front of the node API that does to an agent's calls what networks and machines do."""

import contextlib
import socket
import struct
import threading
import time

from agents.deliveries import Delivery, Outcome, digest_of, traffic_of
from agents.faults import Fault

LOOPBACK = "127.0.0.1"
# A server that answers nothing for so long is a failure of the test.
SERVER_PATIENCE = 60
# Later than the server's four seconds, earlier than the five of XrayR and V2bX.
HELD = 4.5
# Later than those five.
SLOW = 6
# From the moment a server waits in its database, so past its deadline whenever the request came.
STALLED = 4.2
# A server has seen by then that its connection is gone.
CLOSED = 0.3
RESET = struct.pack("ii", 1, 0)


class Broken(Exception):
    """A connection ended in the middle."""


class FaultProxy:
    """One agent's way to the servers, which it takes in turn, and another where one is down."""

    def __init__(self, node, servers, faults, deliveries, stalls, random):
        self.node = node
        self.servers = servers
        self.faults = faults
        self.deliveries = deliveries
        self.stalls = stalls
        self.random = random
        # Calls in hand.
        self.calls = 0
        self.failures = []
        # Reports of one node go one after the other, or nobody knew which came first. Sendings of the same one may overlap.
        self.turn = threading.Condition()
        self.under_way = []
        self.listener = socket.create_server((LOOPBACK, 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            with self.turn:
                self.calls += 1
            threading.Thread(target=self.handle, args=(client,), daemon=True).start()

    def handle(self, client):
        with client:
            try:
                self.exchange(client)
            except (Broken, OSError):
                # The agent sees the end of its connection.
                pass
            except Exception as failure:
                self.failures.append(f"proxy of node {self.node}: {failure!r}")
            finally:
                with self.turn:
                    self.calls -= 1

    def exchange(self, client):
        request = read_message(client)
        head, _, body = request.partition(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode()
        traffic = traffic_of(path, body)
        digest = None if traffic is None else digest_of(traffic)
        fault = self.faults.next(digest)
        if fault in (Fault.REFUSED, Fault.LOST_REQUEST):
            return reset(client)
        if fault is Fault.CUT_REQUEST:
            with self.server() as server:
                server.sendall(request[:len(request) // 2])
                time.sleep(0.01)
                reset(server)
            return reset(client)
        if fault is Fault.SLOW_REQUEST:
            time.sleep(SLOW)
        if digest:
            answer = self.deliver(request, traffic, fault)
        else:
            with self.server() as server:
                answer = ask(server, request)
        if fault in (Fault.HELD_ANSWER, Fault.SLOW_ANSWER):
            time.sleep(HELD if fault is Fault.HELD_ANSWER else SLOW)
        if answer and fault not in (Fault.LOST_ANSWER, Fault.SLOW_SERVER_LOST_ANSWER):
            client.sendall(answer[:len(answer) // 2] if fault is Fault.CUT_ANSWER else answer)

    def deliver(self, request, traffic, fault):
        """Delivers a report and notes what became of it. The answer; None where there is none."""
        digest = digest_of(traffic)
        is_stalled = fault in (Fault.SLOW_SERVER, Fault.SLOW_SERVER_LOST_ANSWER, Fault.UNWRITTEN_ANSWER)
        stalling = self.stalls.stall(self.node) if is_stalled else contextlib.nullcontext()
        with self.turn_of(digest), stalling as stall, self.server() as server:
            delivery = Delivery(self.node, digest, time.time(), 0, Outcome.UNKNOWN, None, server.getpeername())
            try:
                if stall:
                    return self.deliver_stalled(stall, server, request, fault, delivery)
                return self.answered(server, request, delivery)
            except (Broken, OSError):
                return None
            finally:
                delivery.ended = delivery.ended or time.time()
                self.deliveries.add(delivery, traffic)

    def answered(self, server, request, delivery):
        answer = ask(server, request)
        delivery.ended = time.time()
        if status_of(answer) == 200:
            delivery.outcome = Outcome.ANSWERED
        return answer

    def deliver_stalled(self, stall, server, request, fault, delivery):
        server.sendall(request)
        delivery.seen = stall.waits()
        if fault is Fault.UNWRITTEN_ANSWER:
            reset(server)
            time.sleep(CLOSED)
            stall.end()
            if delivery.seen and stall.is_kept(delivery):
                delivery.outcome = Outcome.UNWRITTEN
            return None
        if delivery.seen:
            time.sleep(STALLED)
        stall.end()
        return self.answered(server, b"", delivery)

    @contextlib.contextmanager
    def turn_of(self, digest):
        with self.turn:
            self.turn.wait_for(lambda: all(other == digest for other in self.under_way))
            self.under_way.append(digest)
        try:
            yield
        finally:
            with self.turn:
                self.under_way.remove(digest)
                self.turn.notify_all()

    def server(self):
        """A connection to a server that takes one."""
        for address in self.random.sample(self.servers, len(self.servers)):
            with contextlib.suppress(OSError):
                return socket.create_connection(address, timeout=SERVER_PATIENCE)
        raise Broken


def ask(server, request):
    server.sendall(request)
    return read_message(server)


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


def reset(connection):
    """Ends a connection at once, with what is under way on it."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()


def read_message(connection):
    """A whole request or answer, as it came."""
    message = b""
    while b"\r\n\r\n" not in message:
        message += received(connection)
    head, _, body = message.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if fields.get(b"transfer-encoding") == b"chunked":
        while not body.endswith(b"0\r\n\r\n"):
            body += received(connection)
    else:
        while len(body) < int(fields.get(b"content-length", 0)):
            body += received(connection)
    return head + b"\r\n\r\n" + body


def received(connection):
    piece = connection.recv(1 << 16)
    if not piece:
        raise Broken
    return piece
