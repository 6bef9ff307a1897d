"""What all node agents have in common: calls over HTTP, their cycles, and the traffic of their users."""

import http.client
import json
import math
import threading
import time
import traceback
import urllib.parse

from agents.deliveries import compact, digest_of
from agents.fault_proxy import LOOPBACK

# Agents live so many times as fast here; time-outs are those of their authors, for the server's own are not quicker either.
SPEED = 20
# Each user moves up to this in each direction in one cycle.
MOST_MOVED = 1 << 25
# Between an agent's tries of one call, in seconds.
RETRY_PAUSE = (0.1, 0.5)
# For the last reports, when nothing goes wrong any more.
PATIENCE = 60


class Wrong(Exception):
    """An answer that breaks the protocol."""


class Failed(Exception):
    """A call without an answer that the agent accepts."""


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body


class Truth:
    """What one agent's users really moved, and what it made of that."""

    def __init__(self):
        self.used = {}
        # Reports in the order of their making, each with the number of the count it is of: counters that begin anew begin a new one.
        self.reports = []
        self.acknowledged = set()

    def add(self, user, upload, download):
        self.used[user] = plus(self.used.get(user, (0, 0)), (upload, download))


class Agent:
    """A node's agent. Subclasses say which calls it makes, what it does when one fails, and what it reports."""

    # Tries after the first, and what is waited for an answer, in seconds.
    retries = 3
    timeout = 5
    # Seconds between two cycles of its own; None: as the panel says.
    period = None
    # Whether what was not reported is part of the next report.
    keeps_unreported = False

    def __init__(self, node, token, node_type, port, random):
        self.node = node
        self.token = token
        self.node_type = node_type
        self.port = port
        self.random = random
        self.tags = {}
        self.users = {}
        self.push_interval = self.pull_interval = 60
        self.counters = {}
        self.count = 0
        self.truth = Truth()
        self.failures = []
        self.calm = threading.Event()
        self.stopped = threading.Event()

    # What subclasses say.

    def start(self):
        """Raises Failed until the agent can run."""
        self.pull()

    def pull(self):
        raise NotImplementedError

    def push(self, traffic):
        """Sends a report. Whether the agent takes it for reported; raises Failed where it doesn't."""
        raise NotImplementedError

    def after_push(self):
        """What belongs to the cycle of reports beside them."""

    def report(self, counters):
        """The JSON of a report."""
        return compact({str(user): moved for user, moved in sorted(counters.items(), key=lambda item: str(item[0]))})

    # Cycles.

    def run(self):
        """Both cycles, until the agent is stopped."""
        self.keep_trying(self.start)
        pulls = threading.Thread(target=self.cycles, args=(lambda: self.period or self.pull_interval, self.pull))
        pulls.start()
        self.cycles(lambda: self.period or self.push_interval, self.push_cycle)
        pulls.join()

    def cycles(self, interval, work):
        while not self.stopped.wait(interval() / SPEED * self.random.uniform(0.9, 1.1)):
            try:
                work()
            except Failed:
                pass
            except Exception:
                self.failures.append(f"{type(self).__name__} of node {self.node}: {traceback.format_exc()}")
                return

    def keep_trying(self, work):
        """Tries again as a supervisor does with a program that ends."""
        while not self.stopped.is_set():
            try:
                return work()
            except Failed:
                time.sleep(RETRY_PAUSE[0])
            except Exception:
                self.failures.append(f"{type(self).__name__} of node {self.node}: {traceback.format_exc()}")
                self.stopped.wait()

    def push_cycle(self):
        if not self.calm.is_set():
            self.move_traffic()
        if self.counters:
            self.push_counters()
        self.after_push()

    def push_counters(self):
        counters = dict(self.counters)
        traffic = self.report(counters)
        if not self.keeps_unreported:
            self.start_anew()
        self.truth.reports.append((self.count if self.keeps_unreported else self.count - 1, digest_of(traffic), counters))
        self.push(traffic)
        self.truth.acknowledged.add(digest_of(traffic))
        if self.keeps_unreported:
            self.start_anew()

    def start_anew(self):
        self.counters = {}
        self.count += 1

    def finish(self):
        """Reports what is left, and learns what there is, now that nothing goes wrong. Its cycles have ended."""
        end = time.monotonic() + PATIENCE
        while self.counters:
            try:
                self.push_counters()
            except Failed:
                if time.monotonic() > end:
                    raise
                time.sleep(RETRY_PAUSE[0])
        self.pull()

    def move_traffic(self):
        """Some of the users that the node knows use it; most move little."""
        for user in self.random.sample(sorted(self.users), self.random.randint(1, len(self.users))):
            moved = tuple(int(math.exp(self.random.uniform(0, math.log(MOST_MOVED)))) for _ in range(2))
            self.truth.add(user, *moved)
            self.counters[user] = plus(self.counters.get(user, (0, 0)), moved)

    # Calls.

    def call(self, path, body=None, headers=None, retries=None):
        """The answer to a GET, or with a body to a POST, tried again where there is none."""
        for last in reversed(range(1 + (self.retries if retries is None else retries))):
            connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=self.timeout)
            try:
                connection.request("GET" if body is None else "POST", path, body, {"Accept": "application/json"} | (headers or {}))
                answer = connection.getresponse()
                fields = {name.lower(): value for name, value in answer.getheaders()}
                return self.checked(path, Answer(answer.status, fields, answer.read()))
            except (OSError, http.client.HTTPException) as failure:
                if not last:
                    raise Failed(f"{path}: {failure!r}") from None
            finally:
                connection.close()
            time.sleep(self.random.uniform(*RETRY_PAUSE))

    def checked(self, path, answer):
        """Agents are never told that they are wrong, for they are not; without its database the server says 5xx."""
        expect(answer.status in (200, 304) or answer.status >= 500, f"{path} is answered {answer.status} {answer.body!r}")
        if answer.status != 304:
            try:
                expect("msgpack" in answer.headers["content-type"] or json.loads(answer.body) is not None, f"null to {path}")
            except ValueError:
                raise Wrong(f"no JSON to {path}: {answer.body!r}") from None
        if answer.status >= 500:
            expect("etag" not in answer.headers, f"a tag with the failure of {path}")
        return answer

    def path(self, prefix, action):
        query = urllib.parse.urlencode({"node_id": self.node, "token": self.token, "node_type": self.node_type})
        return f"{prefix}/{action}?{query}"

    def tagged(self, name, path, headers=None):
        """The answer to a GET with the tag of the last one; None where that is unchanged."""
        tag = self.tags.get(name, "")
        answer = self.call(path, headers={"If-None-Match": tag} | (headers or {}))
        if answer.status >= 400:
            raise Failed(f"{path}: {answer.status}")
        if answer.status == 304:
            expect(tag, f"304 to the first call of {path}")
            return None
        self.tags[name] = answer.headers["etag"]
        return answer

    def take_users(self, users):
        """A user list; one without users would be no change to any agent."""
        expect(isinstance(users, list) and users, f"a user list without users: {users!r}")
        self.users = {user["id"]: user["uuid"] for user in users}


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def plus(pair, other):
    return tuple(number + more for number, more in zip(pair, other))
