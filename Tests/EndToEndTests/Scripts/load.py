"""Customers who buy, readers who ask for mail, node agents that report traffic and clients that fetch, while workers come and go.

Who gets no answer asks again, as programs of customers and agents do. Arguments: `orders=N`, `mails=N`, `reports=N`, `growing=N`,
`fetches=N` (of each caller; without one any number until the file STOP exists), `resends=N` (how often an agent sends a report again
that was not answered, until it gives it up; agents whose reports grow send on until the end). Goes on from business.py and writes what it
did as ledger.py says. Exits 1 when an answer is wrong.
"""

import collections
import http.client
import itertools
import json
import os
import pathlib
import random
import sys
import threading
import time
import traceback
import urllib.error

import grpc

from business import CARD, PRICE, Business
from callers import Refusal, Wrong, equal, expect, http as ask
from ledger import Ledger

STOP = pathlib.Path(os.environ["STOP"])

# No worker is away for so long.
MOST_TRIES = 200
PAUSE = 0.1
# Up to 32 MiB in each direction.
MOST_BYTES = 1 << 25
UNANSWERED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class Load:
    def __init__(self, business, limits):
        self.business = business
        self.ledger = Ledger(business)
        self.limits = limits
        self.failures = []

    def times(self, what):
        """The numbers of the rounds that a caller makes."""
        limit = self.limits.get(what)
        for number in itertools.count() if limit is None else range(limit):
            if STOP.exists() or self.failures:
                return
            yield number

    def run(self):
        callers = [(self.buys, customer) for customer in self.business.customers]
        callers += zip((self.reports, self.accumulates), self.business.nodes)
        callers += [(self.asks_for_mail,), (self.fetches, self.business.customers[0])]
        threads = [threading.Thread(target=self.watched, args=caller) for caller in callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.ledger.write()

    def watched(self, work, *arguments):
        try:
            work(*arguments)
        except Exception:
            self.failures.append(traceback.format_exc())

    def buys(self, customer):
        for number in self.times("orders"):
            order, _ = answered(customer, "shop.OrderService.CreateOrder", {"product_id": self.business.product}, key=f"order {number}")
            id = order.order.id
            if number % 5 == 4:
                answered(customer, "shop.OrderService.CancelOrder", {"id": id}, repeated="ORDER_NOT_CANCELLABLE")
                self.ledger.order(id, "cancelled")
            else:
                # With a key a repeated call gets the first one's answer; without one it learns that the order is paid.
                key = f"pay {number}" if number % 2 else None
                answered(customer, "shop.OrderService.PayOrder", {"id": id}, key=key, repeated="ORDER_ALREADY_PAID")
                customer.balance -= PRICE
                self.ledger.order(id, "paid")
            if number % 4 == 0 and customer.cards:
                code = customer.cards.pop()
                answered(customer, "shop.GiftCardService.RedeemGiftCard", {"code": code}, repeated="GIFT_CARD_ALREADY_REDEEMED")
                customer.balance += CARD
            time.sleep(random.uniform(0, PAUSE))

    def asks_for_mail(self):
        for number in self.times("mails"):
            address = f"reader-{number}@example.com"
            request = {"email": address, "language": "en"}
            _, tries = answered(self.business.client, "auth.AuthService.SendRegistrationCode", request)
            self.ledger.request(address, tries)
            time.sleep(random.uniform(0, PAUSE))

    def traffic(self, first_upload):
        """What a node's users move in a cycle; the first one's upload is given.

        That one is smaller in each report than in all before that were answered or forgotten. So no report has such a one in it by chance,
        which the server could not tell from an agent that adds up what was not answered.
        """
        report = {customer.node_user: [random.randrange(MOST_BYTES) for _ in range(2)] for customer in self.business.customers}
        report[self.business.customers[0].node_user][0] = first_upload
        return report

    def reports(self, node):
        """The way of V2bX: counters begin anew when they are read. A report that is never answered is forgotten."""
        for cycle in self.times("reports"):
            body = json.dumps(self.traffic(MOST_BYTES - cycle)).encode()
            acknowledged = self.sends(node, body, self.limits.get("resends", 3))
            self.ledger.report(node, body, "acknowledged" if acknowledged else "given up")
            # Its answer may be lost where the agent is, too.
            if acknowledged and random.random() < 0.1:
                self.sends(node, body, resends=0)
            time.sleep(random.uniform(0, PAUSE))

    def accumulates(self, node):
        """The way of XrayR: counters begin anew when their report is answered. One that isn't is part of the next."""
        counters, answers = {}, 0
        for cycle in itertools.chain(self.times("growing"), itertools.repeat(None)):
            if cycle is None and not counters:
                return
            if cycle is not None:
                for user, moved in self.traffic(0 if counters else MOST_BYTES - answers).items():
                    counters[user] = [sum(pair) for pair in zip(counters.get(user, (0, 0)), moved)]
            body = json.dumps(counters).encode()
            if self.sends(node, body, resends=1):
                self.ledger.report(node, body, "acknowledged")
                counters, answers = {}, answers + 1
            else:
                self.ledger.report(node, body, "part of the next")
            time.sleep(random.uniform(0, PAUSE))

    def sends(self, node, body, resends):
        """Whether a report was answered, at once or when it was sent again."""
        for _ in range(1 + resends):
            try:
                answer = node.ask("push", body=body)
            except (urllib.error.URLError, ConnectionError, http.client.HTTPException, TimeoutError):
                time.sleep(PAUSE)
                continue
            equal((answer.status, answer.body), (200, b'{"data":true}'), "the answer to a report")
            return True
        return False

    def fetches(self, customer):
        for _ in self.times("fetches"):
            try:
                equal(ask(customer.link).status, 200, "the status of a subscription")
            except (urllib.error.URLError, ConnectionError, http.client.HTTPException, TimeoutError):
                pass
            time.sleep(PAUSE)


def answered(caller, method, request, repeated=None, **arguments):
    """The answer of a call that is made until it gets one, and how often it was made.

    `repeated` is the reason of the refusal that says that an earlier try, whose answer was lost, has had its effect.
    """
    for tries in range(1, MOST_TRIES + 1):
        try:
            return caller.call(method, request, **arguments), tries
        except Refusal as refusal:
            if tries > 1 and repeated and refusal.reason == repeated:
                return None, tries
            if refusal.code not in UNANSWERED:
                raise
            time.sleep(PAUSE)
    raise Wrong(f"{method} is not answered")


def main():
    limits = {name: int(value) for name, value in (argument.split("=") for argument in sys.argv[1:])}
    load = Load(Business.opened(), limits)
    load.run()
    for failure in load.failures:
        print(failure, file=sys.stderr)
    expect(not load.failures, f"{len(load.failures)} callers failed")
    ledger = load.ledger
    fates = collections.Counter(fate for _, fate in ledger.reports.values())
    print(
        f"{len(ledger.orders)} orders, {len(ledger.requests)} mails asked for {sum(row[1] for row in ledger.requests)} times,",
        "reports", ", ".join(f"{fate}: {count}" for fate, count in fates.items()) or "none", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
