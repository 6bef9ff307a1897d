"""What goes wrong between an agent and the server, call by call."""

import enum
import threading


class Fault(enum.Enum):
    NONE = enum.auto()
    # The connection is closed before anything is read.
    REFUSED = enum.auto()
    # The server gets half a request.
    CUT_REQUEST = enum.auto()
    LOST_REQUEST = enum.auto()
    # Comes to the server when the agent has long given up, and perhaps sent something later.
    SLOW_REQUEST = enum.auto()
    LOST_ANSWER = enum.auto()
    CUT_ANSWER = enum.auto()
    # Later than the server's deadline, and within the shortest time-out of an agent.
    HELD_ANSWER = enum.auto()
    # Later than that time-out.
    SLOW_ANSWER = enum.auto()
    # The server's database lets it wait beyond its deadline; the answer comes before an agent gives up.
    SLOW_SERVER = enum.auto()
    # As before, and the answer is lost.
    SLOW_SERVER_LOST_ANSWER = enum.auto()
    # The connection breaks while the server works, so the answer can't be written.
    UNWRITTEN_ANSWER = enum.auto()


# What happens to the sendings of one report, one after the other, with its share of all reports; later ones pass. Agents send a report
# four times at most in one cycle.
STORIES = [
    (40, (Fault.NONE,)),
    (3, (Fault.REFUSED,)),
    (3, (Fault.CUT_REQUEST,)),
    (3, (Fault.LOST_REQUEST,)),
    (2, (Fault.LOST_REQUEST,) * 4),
    (3, (Fault.SLOW_REQUEST,)),
    (5, (Fault.LOST_ANSWER,)),
    # The server has every reason to believe that the agent knows: what has it in it counts too.
    (5, (Fault.LOST_ANSWER,) * 4),
    (3, (Fault.CUT_ANSWER,)),
    (2, (Fault.CUT_ANSWER,) * 4),
    (3, (Fault.HELD_ANSWER,)),
    (2, (Fault.SLOW_ANSWER,)),
    (2, (Fault.SLOW_SERVER,)),
    # The server knows that the agent doesn't know: of what has it in it the difference counts.
    (3, (Fault.SLOW_SERVER_LOST_ANSWER, Fault.LOST_REQUEST, Fault.LOST_REQUEST, Fault.LOST_REQUEST)),
    (8, (Fault.UNWRITTEN_ANSWER, Fault.LOST_REQUEST, Fault.LOST_REQUEST, Fault.LOST_REQUEST)),
    (3, (Fault.UNWRITTEN_ANSWER,)),
    # The second sending tells that the first one's answer was lost.
    (4, (Fault.LOST_ANSWER, Fault.UNWRITTEN_ANSWER, Fault.LOST_REQUEST, Fault.LOST_REQUEST)),
]
# What a run can't do without: agents that add up begin with one of these.
FIRST_STORIES = [
    (Fault.UNWRITTEN_ANSWER, Fault.LOST_REQUEST, Fault.LOST_REQUEST, Fault.LOST_REQUEST),
    (Fault.LOST_ANSWER,) * 4,
    (Fault.SLOW_SERVER_LOST_ANSWER, Fault.LOST_REQUEST, Fault.LOST_REQUEST, Fault.LOST_REQUEST),
    (Fault.LOST_ANSWER, Fault.UNWRITTEN_ANSWER, Fault.LOST_REQUEST, Fault.LOST_REQUEST),
]
# Of a call that is no report.
LOOKUP_FAULTS = [
    (90, Fault.NONE), (2, Fault.REFUSED), (2, Fault.CUT_REQUEST), (2, Fault.LOST_REQUEST), (2, Fault.LOST_ANSWER), (2, Fault.CUT_ANSWER),
    (1, Fault.SLOW_ANSWER),
]


class Faults:
    """What is to happen to the calls of one agent."""

    def __init__(self, random, first=None):
        self.random = random
        self.first = first
        self.lock = threading.Lock()
        self.is_calm = False
        self.digest = None
        self.story = iter(())

    def calm(self):
        """From now on all goes well."""
        with self.lock:
            self.is_calm = True

    def next(self, digest):
        """The fault of a call; `digest` is that of a report."""
        with self.lock:
            if self.is_calm:
                return Fault.NONE
            if digest is None:
                return self.one_of(LOOKUP_FAULTS)
            if digest != self.digest:
                self.digest, self.story = digest, iter(self.first or self.one_of(STORIES))
                self.first = None
            return next(self.story, Fault.NONE)

    def one_of(self, choices):
        weights, what = zip(*choices)
        return self.random.choices(what, weights)[0]
