"""An order that nobody pays. Argument: `place` makes it, under a new time-out; `watch` sees that it is cancelled once it is overdue.

Goes on from business.py with one customer. HEALTH_PORTS names the health ports of the workers. `watch` writes what was done as ledger.py
says. Exits 1 when an answer is wrong.
"""

import json
import os
import re
import sys

from business import Business
from callers import Refusal, Wrong, equal, expect, http, status_of, step, wait_for
from ledger import Ledger

# The contract: a changed setting is in effect in every worker this soon.
SETTINGS_DELAY = 5


def set_time_out(business, minutes, workers):
    """Changes the setting, and waits until each of the workers says that it has that version."""
    stored = business.admin.call("manage.SettingsService.GetSettings", {"module": "shop"})
    document = json.loads(stored.document) | {"order_timeout_minutes": minutes}
    request = {"module": "shop", "document": json.dumps(document), "version": str(stored.version)}
    version = business.admin.call("manage.SettingsService.UpdateSettings", request).version
    ports = json.loads(os.environ["HEALTH_PORTS"])

    def has_version(worker):
        metrics = http(f"http://127.0.0.1:{ports[worker]}/metrics").body.decode()
        found = re.search(r'^helium_settings_version\{module="shop"\} (\S+)', metrics, re.MULTILINE)
        return found and float(found[1]) == version

    missing = set(workers)

    def in_effect():
        missing.difference_update([worker for worker in missing if has_version(worker)])
        return not missing

    try:
        wait_for("the setting is in effect", in_effect, SETTINGS_DELAY)
    except Wrong:
        raise Wrong(f"after {SETTINGS_DELAY} s the setting isn't in effect in {sorted(missing)}") from None
    step(f"a changed setting is in effect in {len(workers)} workers")


def order_of(business, customer, key):
    order = customer.call("shop.OrderService.CreateOrder", {"product_id": business.product}, key=key).order
    return order, order.pay_until_time.ToMicroseconds() - order.create_time.ToMicroseconds()


def place(business):
    set_time_out(business, 1, [worker for worker in json.loads(os.environ["HEALTH_PORTS"]) if worker != "cron_executor"])
    _, patience = order_of(business, business.customers[0], "unpaid")
    equal(patience, 60_000_000, "the time to pay the order, in microseconds")
    step("an order that isn't paid waits as long as the setting says")


def watch(business):
    [customer] = business.customers
    [id] = [order.id for order in customer.call("shop.OrderService.ListOrders").orders if order.pay_time.seconds == 0]

    def cancelled():
        order = customer.call("shop.OrderService.GetOrder", {"id": id}).order
        return status_of(order) == "ORDER_STATUS_CANCELLED" and order

    reason = customer.refused("shop.OrderService.PayOrder", {"id": id}, key="too late").reason
    expect(reason in ("ORDER_OVERDUE", "ORDER_CANCELLED"), f"paying an overdue order is refused for {reason}")
    order = wait_for("the overdue order is cancelled", cancelled)
    reasons = order.DESCRIPTOR.fields_by_name["cancel_reason"].enum_type.values_by_number
    equal(reasons[order.cancel_reason].name, "CANCEL_REASON_TIMEOUT", "why the order is cancelled")
    equal(customer.refused("shop.OrderService.PayOrder", {"id": id}, key="later").reason, "ORDER_CANCELLED", "why it can't be paid")
    items = customer.call("telecom.SubscriptionService.ListPackageQueue", {"subscription_id": customer.subscription}).items
    equal({item.order_id for item in items}, {business.state["customers"][0]["first_order"]}, "the orders with packages")
    step("an overdue order is cancelled, can't be paid and delivers nothing")

    set_time_out(business, 45, json.loads(os.environ["HEALTH_PORTS"]))
    other, patience = order_of(business, customer, "other")
    equal(patience, 45 * 60_000_000, "the time to pay an order under the next setting, in microseconds")
    customer.call("shop.OrderService.CancelOrder", {"id": other.id})
    ledger = Ledger(business)
    ledger.order(id, "cancelled")
    ledger.order(other.id, "cancelled")
    ledger.write()


if __name__ == "__main__":
    try:
        {"place": place, "watch": watch}[sys.argv[1]](Business.opened())
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
