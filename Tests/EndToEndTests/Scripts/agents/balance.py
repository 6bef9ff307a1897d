"""What must be billed after all that agents did, and what is: sum in is sum out."""

import collections
import dataclasses
import json

from agents.agent import Agent
from agents.deliveries import Outcome
from agents.rule import FIRST_USER, MOST_BYTES, RESEND_WINDOW, Answer, billed, contains, minus, possible_charges, read

REPORTS = """
SELECT json_build_object(
  'node', node_id, 'digest', encode(digest, 'hex'), 'received', extract(epoch FROM received_at), 'accepted', accepted, 'applied', applied,
  'users', users, 'uploads', uploads, 'downloads', downloads, 'charged_uploads', coalesce(charged_uploads, uploads),
  'charged_downloads', coalesce(charged_downloads, downloads), 'factor', factor_thousandths)
FROM telecom.traffic_reports ORDER BY received_at, id"""
USAGE = """
SELECT json_build_array(node_id, subscription_id, sum(raw_upload), sum(raw_download), sum(billed_upload), sum(billed_download))
FROM (
  SELECT node_id, subscription_id, raw_upload, raw_download, billed_upload, billed_download FROM telecom.usage_hours UNION ALL
  SELECT node_id, subscription_id, raw_upload, raw_download, billed_upload, billed_download FROM telecom.usage_ledger) AS usage
GROUP BY node_id, subscription_id"""
SET_ASIDE = "SELECT json_build_array(node_id, node_user_id, upload, download, reason, entry) FROM telecom.traffic_set_aside"
UNDER_WAY = """
SELECT (SELECT count(*) FROM telecom.traffic_reports WHERE applied < accepted), (SELECT count(*) FROM telecom.usage_ledger)"""

# A report comes after its sending begins and before that ends, by clocks of one machine; in seconds.
CLOCKS = 0.05
MIB = 1 << 20


class Balance:
    """The books of one run."""

    def __init__(self, session, deliveries, agents, subscriptions, factors):
        self.deliveries = deliveries
        self.agents = {agent.node: agent for agent in agents}
        self.subscriptions = subscriptions
        self.factors = factors
        self.kept = [json.loads(line) for line in session.ask(REPORTS)]
        self.problems = []
        self.statistics = collections.Counter()
        # By node and subscription: raw upload and download, billed upload and download.
        self.usage = {}
        # Rows that are not billed, and how often.
        self.set_aside = collections.Counter()
        # By node: bytes that are new to the server, and bytes that are charged.
        self.new = collections.Counter()
        self.charged = collections.Counter()
        self.lines = []
        for node in sorted(self.agents):
            self.add_node(node, [row for row in self.kept if row["node"] == node])
        self.check_found(session)

    def expect(self, condition, problem):
        if not condition:
            self.problems.append(problem)

    def add_node(self, node, rows):
        self.check_kept(node, rows)
        agent = self.agents[node]
        counts = {digest: (count, counters) for count, digest, counters in agent.truth.reports}
        known = {}
        earlier = None
        for row in rows:
            name = f"report {row['digest'][:8]} of node {node}"
            if (node, row["digest"]) not in self.deliveries.reports:
                self.problems.append(f"nobody sent {name}")
                continue
            report, odd = read(self.deliveries.reports[node, row["digest"]])
            stored = dict(zip(row["users"], zip(row["uploads"], row["downloads"])))
            self.expect(stored == report, f"{name} is kept as {stored} instead of {report}")
            self.expect((row["accepted"], row["applied"]) == (1, 1), f"{name} is applied {row['applied']} times of {row['accepted']}")
            self.expect(row["factor"] == self.factors[node], f"{name} is billed by {row['factor']}")
            charge = self.charge(node, row, report, earlier, name)
            self.add_charge(node, charge, odd)
            count, counters = counts[row["digest"]]
            self.add_new(node, known.setdefault(count, {}), report.keys() & counters.keys(), counters)
            earlier = row, report
        self.check_truth(agent, rows)

    def charge(self, node, row, report, earlier, name):
        """What is right for a row, or, where two charges are, the one that was made."""
        before, answer = None, Answer.HAD
        if earlier and row["received"] - earlier[0]["received"] <= RESEND_WINDOW:
            before = earlier[1]
            answer = self.deliveries.answer(node, earlier[0]["digest"], row["received"])
        possible = possible_charges(report, before, answer)
        found = dict(zip(row["users"], zip(row["charged_uploads"], row["charged_downloads"])))
        self.expect(
            found in possible,
            f"{name} is charged {found} instead of {possible}; the answer to {earlier and earlier[0]['digest'][:8]} was {answer.value}")
        self.statistics["reports"] += 1
        if len(possible) > 1:
            self.statistics["uncertain"] += 1
            return found if found in possible else possible[0]
        if before and contains(report, before):
            self.statistics["charged by difference" if answer is Answer.LOST else "both counted"] += 1
        return possible[0]

    def add_charge(self, node, charge, odd):
        for user, moved in charge.items():
            self.charged[node] += sum(moved)
            reason = "unknown_user" if user not in self.subscriptions else "absurd" if max(moved) > MOST_BYTES else None
            if reason:
                self.set_aside[node, user, *moved, reason] += any(moved)
                continue
            line = (*moved, *(billed(number, self.factors[node]) for number in moved))
            key = node, self.subscriptions[user]
            self.usage[key] = tuple(map(sum, zip(self.usage.get(key, (0,) * 4), line)))
        for reason, text in odd:
            self.set_aside[node, reason, text] += 1

    def add_new(self, node, known, users, counters):
        """What a report has that none of the same count had before it."""
        for user in users:
            more = minus(counters[user], known.get(user, (0, 0)))
            self.new[node] += sum(max(0, number) for number in more)
            known[user] = tuple(map(max, counters[user], known.get(user, (0, 0))))

    def check_kept(self, node, rows):
        """What was sent and what is kept belong together."""
        kept = {row["digest"]: row["received"] for row in rows}
        for digest in self.agents[node].truth.acknowledged:
            # v2node takes any answer for one.
            if self.deliveries.is_certain(node, digest):
                self.expect(digest in kept or self.is_nothing(node, digest), f"the acknowledged report {digest[:8]} of node {node} is lost")
        for digest, received in kept.items():
            sendings = [(delivery.started - CLOCKS, delivery.ended + CLOCKS) for delivery in self.deliveries.of(node, digest)]
            self.expect(
                any(start <= received <= end for start, end in sendings),
                f"report {digest[:8]} of node {node} came at {received}, but was sent in {sendings}")
        for (sender, digest), sendings in self.deliveries.by_report.items():
            if sender == node and any(sending.outcome is not Outcome.UNKNOWN for sending in sendings):
                self.expect(digest in kept or self.is_nothing(node, digest), f"the answered report {digest[:8]} of node {node} is lost")

    def is_nothing(self, node, digest):
        """Nothing is kept of a report without anything in it."""
        return read(self.deliveries.reports[node, digest]) == ({}, [])

    def check_truth(self, agent, rows):
        """Each byte that the node's users moved is in a report that is kept, or was given up by its agent."""
        kept = {row["digest"] for row in rows}
        used = total(agent.truth.used)
        given_up = 0
        if not agent.keeps_unreported:
            given_up = sum(total(counters) for _, digest, counters in agent.truth.reports if digest not in kept)
        known = self.new[agent.node]
        self.expect(used == known + given_up, f"node {agent.node}: {used} bytes moved, {given_up} given up, {known} known to the server")
        self.lines.append(Line(agent, used, given_up, known, self.charged[agent.node]))

    def check_found(self, session):
        """The server's books are these."""
        found = {}
        for node, subscription, *numbers in map(json.loads, session.ask(USAGE)):
            if node in self.agents and any(numbers):
                found[node, subscription] = tuple(map(int, numbers))
        self.equal(found, {key: numbers for key, numbers in self.usage.items() if any(numbers)}, "usage")
        aside = collections.Counter()
        for node, user, upload, download, reason, text in map(json.loads, session.ask(SET_ASIDE)):
            if text:
                aside[node, reason, text] += 1
            elif upload or download:
                aside[node, user, upload, download, reason] += 1
        self.equal(aside, +self.set_aside, "traffic set aside")
        self.statistics["rows set aside"] = aside.total()

    def equal(self, found, right, what):
        for key in sorted(found.keys() | right.keys(), key=str):
            self.expect(found.get(key) == right.get(key), f"{what} of {key} is {found.get(key)} instead of {right.get(key)}")


@dataclasses.dataclass
class Line:
    """What became of the bytes of one agent's users."""

    agent: Agent
    used: int
    given_up: int
    known: int
    charged: int

    def __str__(self):
        figures = {"moved": self.used, "given up": self.given_up, "charged": self.charged, "of it by the rule": self.charged - self.known}
        parts = ", ".join(f"{what} {figure / MIB:.1f} MiB" for what, figure in figures.items())
        return f"{self.agent.node:4} {type(self.agent).__name__:14} {parts}"


def total(counters):
    return sum(sum(moved) for user, moved in counters.items() if user >= FIRST_USER)
