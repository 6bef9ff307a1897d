"""What the server charges of a report: the rule, and how it reads a report. Pure; the one place that states it.

A body that comes again within ten minutes of its last coming is the same report. A report that has the node's last one in it is charged by
the difference only where the answer to that one failed to be written, or left later than four seconds after the request; else both count.
"""

import enum
import json

# In seconds.
RESEND_WINDOW = 600
ANSWER_DEADLINE = 4
# Ids below stand for nobody: an empty list has such a user in it.
FIRST_USER = 1_001
LAST_USER = 2**31 - 1
MOST_NUMBER = 2**63 - 1
# More than this in one direction is no measurement.
MOST_BYTES = 1 << 42
# What is kept of a row that is set aside.
LONGEST_TEXT = 120


class Answer(enum.Enum):
    """What became of the last answer to a report."""

    HAD = "written in time"
    LOST = "not written, or late"
    # It was written just when its server died or lost its database, or when the next report came: both readings are right.
    UNCERTAIN = "uncertain"


def charge(report, earlier=None, answer=Answer.HAD):
    """What is charged of a report, by user: all of it, or what it has beyond the node's last one. Both map users to (upload, download)."""
    if answer is Answer.HAD or not earlier or not contains(report, earlier):
        return report
    nothing = (0, 0)
    return {user: minus(moved, earlier.get(user, nothing)) for user, moved in report.items()}


def possible_charges(report, earlier=None, answer=Answer.HAD):
    """Each charge that is right: one, except where nobody can know what became of the answer."""
    answers = (Answer.HAD, Answer.LOST) if answer is Answer.UNCERTAIN else (answer,)
    charges = [charge(report, earlier, answer) for answer in answers]
    return charges[:1] if charges[0] == charges[-1] else charges


def contains(report, earlier):
    return all(user in report and min(minus(report[user], moved)) >= 0 for user, moved in earlier.items())


def minus(pair, other):
    return tuple(number - less for number, less in zip(pair, other))


def billed(number, factor_thousandths):
    """Raw bytes by the node's factor, half a byte up."""
    return (number * factor_thousandths + 500) // 1000


def read(traffic):
    """A report's users, and its odd rows as (reason, text). `traffic` is UniProxy's object or mod_mu's list of objects, as JSON."""
    users, odd = {}, []
    for user, upload, download, text in rows(traffic):
        whole = all(isinstance(number, int) and 0 <= number <= MOST_NUMBER for number in (upload, download))
        if user is None or user > LAST_USER or not whole:
            odd.append(("malformed", text[:LONGEST_TEXT]))
        elif user < FIRST_USER or upload == download == 0:
            continue
        elif user in users:
            odd.append(("duplicate", text[:LONGEST_TEXT]))
        else:
            users[user] = (upload, download)
    return users, odd


def rows(traffic):
    """Each row as user, upload, download and text; None for what can't be read. The text is exact where the JSON has no blanks."""
    document = json.loads(traffic, object_pairs_hook=Pairs)
    if document is None:
        return
    if document and document[0][0] == "data":
        for row in document[0][1] or ():
            fields = dict(row)
            yield *(fields.get(name) for name in ("user_id", "u", "d")), written(row)
        return
    for key, value in document:
        user = int(key) if key.isascii() and key.isdigit() and str(int(key)) == key else None
        pair = value if type(value) is list and len(value) == 2 and not any(isinstance(item, bool) for item in value) else (None, None)
        yield user, *pair, f"{written(key)}:{written(value)}"


class Pairs(list):
    """A JSON object's members, which may name a key twice."""


def written(value):
    """Compact JSON."""
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{written(key)}:{written(member)}" for key, member in value) + "}"
    return json.dumps(value, separators=(",", ":"))
