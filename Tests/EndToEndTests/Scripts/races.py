"""Fifty callers at once who all want the same thing, which must happen once.

Goes on from business.py, with two customers, and writes what was done as ledger.py says. Exits 1 when an answer is wrong.
"""

import json
import sys
import threading

from business import CARD, PRICE, Business
from callers import Refusal, Wrong, equal, expect, step
from ledger import Ledger

CALLERS = 50


def race(call):
    """What `call` answers to each of the callers, who begin at one moment: an answer, or the reason of a refusal."""
    start = threading.Barrier(CALLERS)
    outcomes = [None] * CALLERS

    def run(number):
        start.wait()
        try:
            outcomes[number] = call(number)
        except Refusal as refusal:
            outcomes[number] = refusal.reason or str(refusal)
        except Exception as error:
            outcomes[number] = repr(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def won_once(outcomes, reason):
    """The number of the one caller that was answered; all others were refused for `reason`."""
    winners = [number for number, outcome in enumerate(outcomes) if not isinstance(outcome, str)]
    reasons = {outcome for outcome in outcomes if isinstance(outcome, str)}
    expect(len(winners) == 1 and reasons == {reason}, f"{len(winners)} callers won, the others heard {reasons}")
    return winners[0]


def all_alike(outcomes):
    expect(all(outcome == outcomes[0] for outcome in outcomes), f"different answers: {set(map(str, outcomes))}")
    expect(not isinstance(outcomes[0], str), f"all were refused: {outcomes[0]}")
    return outcomes[0]


def creates(business, customer, ledger, key):
    request = {"product_id": business.product}
    id = all_alike(race(lambda _: customer.call("shop.OrderService.CreateOrder", request, key=key))).order.id
    customer.balance -= PRICE
    ledger.order(id, "paid")
    return {"id": id}


def main():
    business = Business.opened()
    ledger = Ledger(business)
    ann, bob = business.customers

    order = creates(business, ann, ledger, "one")
    step("an order that fifty callers make with one key is one order")
    winner = won_once(
        race(lambda number: ann.call("shop.OrderService.PayOrder", order, key=f"pay {number}" if number % 2 else None)),
        "ORDER_ALREADY_PAID")
    step(f"an order that fifty callers pay is paid once, by number {winner}")
    order = creates(business, ann, ledger, "another")
    all_alike(race(lambda _: ann.call("shop.OrderService.PayOrder", order, key="the same")))
    step("an order that fifty callers pay with one key is paid once, and all hear so")

    code = {"code": ann.cards[0]}
    callers = [ann, bob]
    winner = won_once(
        race(lambda number: callers[number % 2].call("shop.GiftCardService.RedeemGiftCard", code)), "GIFT_CARD_ALREADY_REDEEMED")
    callers[winner % 2].balance += CARD
    step(f"a gift card that fifty callers redeem is credited once, to number {winner}")

    [node, _] = business.nodes
    body = json.dumps({ann.node_user: [1_000_003, 2_000_003], bob.node_user: [3_000_007, 5]}).encode()
    answers = race(lambda _: (lambda answer: (answer.status, answer.body))(node.ask("push", body=body)))
    equal(all_alike(answers), (200, b'{"data":true}'), "the answers to a report")
    ledger.report(node, body, "acknowledged")
    step("a report that comes fifty times at once is acknowledged each time")
    ledger.write()


if __name__ == "__main__":
    try:
        main()
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
