"""Which reports were delivered to the server, when, and what became of the answers: what the proxies saw."""

import dataclasses
import enum
import hashlib
import json
import threading

from agents.rule import ANSWER_DEADLINE, Answer

# A server notes that an answer left some time after that; the time of a busy machine, in seconds. Agents that could not report do so again
# a little later than that.
NOTE_TIME = 2.5
# Around the deadline nobody knows on which side the server's clock saw an answer.
DOUBT = 0.4


class Outcome(enum.Enum):
    """What became of the answer to one delivery."""

    # It came whole; what the proxy did with it afterwards is no matter of the server's.
    ANSWERED = enum.auto()
    # It came later than the deadline, or its connection was gone before the report was committed.
    UNWRITTEN = enum.auto()
    # The server refused, or died: the report may be kept or not, and in no case does the server count an answer.
    UNKNOWN = enum.auto()


@dataclasses.dataclass
class Delivery:
    """One sending of a report's bytes to a server, in seconds of Unix time."""

    node: int
    digest: str
    started: float
    ended: float
    outcome: Outcome
    # When the server was seen at work on it; later than that it had it.
    seen: float | None
    # Where it went.
    server: tuple | None


class Deliveries:
    """Filled by any number of threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reports = {}
        self.by_report = {}
        # When a server died, or all were without their database.
        self.disturbances = []

    def add(self, delivery, traffic):
        with self.lock:
            self.reports[delivery.node, delivery.digest] = traffic
            self.by_report.setdefault((delivery.node, delivery.digest), []).append(delivery)

    def disturbed(self, start, end, server=None):
        with self.lock:
            self.disturbances.append((start, end, server))

    def of(self, node, digest):
        return sorted(self.by_report.get((node, digest), ()), key=lambda delivery: delivery.started)

    def is_certain(self, node, digest):
        """Whether the server must have the report."""
        return any(delivery.outcome is not Outcome.UNKNOWN for delivery in self.of(node, digest))

    def answer(self, node, digest, before):
        """What the server must think of its last answer to a report when the next one comes at `before`."""
        answer = None
        for delivery in self.of(node, digest):
            if delivery.started >= before:
                break
            answer = self.after(answer, delivery, before)
        return answer

    def after(self, answer, delivery, before):
        if delivery.outcome is Outcome.UNWRITTEN:
            return Answer.LOST
        if delivery.outcome is Outcome.UNKNOWN:
            # If it came, the answer before counts no more; if not, that still does.
            return Answer.LOST if answer in (None, Answer.LOST) else Answer.UNCERTAIN
        earliest, latest = delivery.ended - (delivery.seen or delivery.ended), delivery.ended - delivery.started
        if earliest > ANSWER_DEADLINE:
            return Answer.LOST
        noted_by = delivery.ended + NOTE_TIME
        is_disturbed = any(
            start <= noted_by and end >= delivery.ended and server in (None, delivery.server) for start, end, server in self.disturbances)
        if latest > ANSWER_DEADLINE - DOUBT or before < noted_by or is_disturbed:
            return Answer.UNCERTAIN
        return Answer.HAD


def digest_of(traffic):
    return hashlib.sha256(traffic).hexdigest()


def traffic_of(path, body):
    """The bytes of a call that are its report of traffic; None where it is no such call."""
    action = path.partition("?")[0].rsplit("/", 1)[-1]
    if action in ("push", "traffic"):
        return body
    if action == "report":
        return compact(json.loads(body)["traffic"])
    return None


def compact(value):
    """JSON as programs in Go write it."""
    return json.dumps(value, separators=(",", ":")).encode()
