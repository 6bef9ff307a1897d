"""What callers know of what they did, to be compared with what the installation made of it.

Written as CSV files into the folder LEDGER, one for each table of Ledger.swift.
"""

import csv
import hashlib
import json
import os
import pathlib
import threading

FOLDER = pathlib.Path(os.environ["LEDGER"])


class Ledger:
    """Filled by any number of threads."""

    def __init__(self, business):
        self.business = business
        self.lock = threading.Lock()
        self.orders = [(customer["first_order"], "paid") for customer in business.state["customers"]]
        # By node and digest: a report that is sent again may have another fate at last.
        self.reports = {}
        self.requests = []

    def order(self, id, outcome):
        with self.lock:
            self.orders.append((id, outcome))

    def report(self, node, body, fate):
        """A report as its agent sent it, known to the installation by the digest of its bytes.

        Its fate is `acknowledged`, `given up` (it may count or not), or `part of the next` (which counts for both).
        """
        digest = "\\x" + hashlib.sha256(body).hexdigest()
        with self.lock:
            self.reports[node.query["node_id"], digest] = (json.loads(body), fate)

    def request(self, address, tries):
        """A mail that was asked for so many times, and the last time with an answer."""
        with self.lock:
            self.requests.append((address, tries))

    def write(self):
        FOLDER.mkdir(exist_ok=True)
        users = [
            (digest, node, user, upload, download, fate) for (node, digest), (report, fate) in self.reports.items()
            for user, (upload, download) in report.items()
        ]
        tables = {
            "orders": self.orders, "reports": users, "mail_requests": self.requests,
            "wallets": [(customer.account, customer.balance) for customer in self.business.customers],
        }
        for name, rows in tables.items():
            with open(FOLDER / f"{name}.csv", "w", newline="") as file:
                csv.writer(file).writerows(rows)
